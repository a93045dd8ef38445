import { expect, it } from "vitest";
import { createSelfNonces } from "./self-nonces.ts";

it("knows what it issued, once", () => {
	const nonces = createSelfNonces();
	const [one, two] = [nonces.issue(), nonces.issue()];
	expect(one).toMatch(/^[\w-]{43}$/);
	expect([nonces.take(two), nonces.take(two), nonces.take(one), nonces.take(one)]).toEqual([true, false, true, false]);
});

it("knows nothing else, nothing of another process, and nothing after half a minute", () => {
	let nowMs = 0;
	const nonces = createSelfNonces(() => nowMs);
	const late = nonces.issue();
	for (const strange of ["", "x".repeat(43), createSelfNonces().issue(), `${late} `]) {
		expect(nonces.take(strange)).toBe(false);
	}
	nowMs = 30_000;
	expect(nonces.take(late)).toBe(false);
});

it("keeps eight of them at most", () => {
	const nonces = createSelfNonces();
	const issued = Array.from({ length: 20 }, () => nonces.issue());
	expect(issued.filter((nonce) => nonces.take(nonce))).toEqual(issued.slice(-8));
});
