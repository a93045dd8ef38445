import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { followAccounts } from "./follow-accounts.ts";

it("asks again and again, says once that accounts is away and once that it is back, keeps what it knew, and ends", async () => {
	const ending = new AbortController();
	const revocation = { sub: randomUUID(), since: 1 };
	const answers = [[], new Error("away"), new Error("away"), [revocation], []];
	const [told, reachable]: [unknown[], boolean[]] = [[], []];
	let keyQuestions = 0;
	await followAccounts(
		{
			revocations: async () => {
				const answer = answers.shift();
				if (answer === undefined) {
					ending.abort();
					return [];
				}
				if (answer instanceof Error) {
					throw answer;
				}
				return answer;
			},
			refreshKeys: async () => {
				keyQuestions += 1;
				return false;
			},
			onRevocations: (revocations) => told.push(revocations),
			onReachable: (now) => reachable.push(now),
		},
		ending.signal,
		{ keysMs: 1, revocationsMs: 5, retryMs: 1 },
	);
	expect(told.slice(0, 3)).toEqual([[], [revocation], []]);
	expect(reachable).toEqual([true, false, true]);
	expect(keyQuestions).toBeGreaterThan(0);
});
