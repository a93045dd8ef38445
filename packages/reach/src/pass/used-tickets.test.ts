import { expect, it } from "vitest";
import { createUsedTickets } from "./used-tickets.ts";

it("takes each ticket once while it lives", () => {
	const used = createUsedTickets({ now: () => 0 });
	const take = (jti: string) => used.take({ jti, madeAtSeconds: 0, expiresAtMs: 1000 });
	expect([take("a"), take("b"), take("a")]).toEqual([null, null, "used before"]);
});

it("takes no more than it can remember, and none that it remembers is let in again by that", () => {
	let nowMs = 0;
	const used = createUsedTickets({ mostRemembered: 2, now: () => nowMs });
	const take = (jti: string, expiresAtMs: number) => used.take({ jti, madeAtSeconds: 0, expiresAtMs });
	expect([take("a", 1000), take("b", 2000), take("c", 2000)]).toEqual([null, null, "too many at once"]);
	nowMs = 1000;
	expect([take("b", 2000), take("c", 2000), take("d", 2000)]).toEqual(["used before", null, "too many at once"]);
});

it("takes none that was made before it began, but for what was rounded off", () => {
	const used = createUsedTickets({ now: () => 10_900 });
	const take = (madeAtSeconds: number) => used.take({ jti: String(madeAtSeconds), madeAtSeconds, expiresAtMs: 60_000 });
	expect([8, 9, 10].map(take)).toEqual(["older than the memory of used ones", null, null]);
});
