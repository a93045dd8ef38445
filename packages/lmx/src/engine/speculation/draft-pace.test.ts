import { expect, it } from "vitest";
import { DraftPace, mostDraftTokens } from "./draft-pace.ts";

it("guesses more while it is right", () => {
	const pace = new DraftPace();
	for (let round = 0; round < 6; round++) {
		const drafted = pace.next();
		pace.record(drafted, drafted);
	}
	expect(pace.next()).toBe(mostDraftTokens);
	pace.record(16, 3);
	expect(pace.next()).toBe(4);
});

it("spends next to nothing where it is always wrong", () => {
	const pace = new DraftPace();
	let drafted = 0;
	for (let step = 0; step < 1000; step++) {
		const tokens = pace.next();
		drafted += tokens;
		pace.record(tokens, 0);
	}
	expect(drafted).toBeLessThan(40);
});
