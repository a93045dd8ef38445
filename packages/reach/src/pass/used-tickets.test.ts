import { expect, it } from "vitest";
import { createUsedTickets } from "./used-tickets.ts";

it("takes each ticket once while it lives", () => {
	const used = createUsedTickets(10, () => 0);
	expect([used.take("a", 1000), used.take("b", 1000), used.take("a", 1000)]).toEqual([true, true, false]);
});

it("takes no more than it can remember, and none that it remembers is let in again by that", () => {
	let nowMs = 0;
	const used = createUsedTickets(2, () => nowMs);
	expect([used.take("a", 1000), used.take("b", 2000), used.take("c", 2000)]).toEqual([true, true, false]);
	nowMs = 1000;
	expect([used.take("b", 2000), used.take("c", 2000), used.take("d", 2000)]).toEqual([false, true, false]);
});
