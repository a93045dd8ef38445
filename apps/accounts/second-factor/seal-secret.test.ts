import { expect, it } from "vitest";
import { openSecret, sealSecret } from "./seal-secret.ts";

const secret = new TextEncoder().encode("twenty bytes of key!");

it("opens for its person with its key, and for nobody else", () => {
	const sealed = sealSecret("portal key", "ann", secret);
	expect([...(openSecret("portal key", "ann", sealed) ?? [])]).toEqual([...secret]);
	expect(openSecret("portal key", "ben", sealed)).toBeNull();
	expect(openSecret("another key", "ann", sealed)).toBeNull();
	expect(openSecret("portal key", "ann", "")).toBeNull();
	for (let index = 0; index < sealed.length; index++) {
		const flipped = sealed.slice(0, index) + (sealed[index] === "A" ? "B" : "A") + sealed.slice(index + 1);
		const opened = openSecret("portal key", "ann", flipped);
		// The last letter may carry bits that are not part of the bytes.
		expect(opened === null || index === sealed.length - 1).toBe(true);
	}
	expect(sealSecret("portal key", "ann", secret)).not.toBe(sealed);
});
