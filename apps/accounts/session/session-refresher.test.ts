import { readAuthConfiguration } from "@opta/auth/auth-configuration";
import { describe, expect, it } from "vitest";
import { createSessionRefresher, type RefreshOutcome } from "./session-refresher.ts";

const configuration = readAuthConfiguration({ SUPABASE_URL: "http://127.0.0.1:9", SUPABASE_PUBLISHABLE_KEY: "k" });

function setUp(answer: (count: number) => Promise<RefreshOutcome> | RefreshOutcome) {
	const clock = { nowMs: 0 };
	const rotations: string[] = [];
	const refresher = createSessionRefresher(
		configuration,
		async (_configuration, refreshToken) => {
			rotations.push(refreshToken);
			return answer(rotations.length);
		},
		() => clock.nowMs,
	);
	return { clock, rotations, refresher };
}

function rotated(count: number): RefreshOutcome {
	return { state: "refreshed", accessToken: `a${count}`, refreshToken: `r${count}`, setCookies: [`c${count}`] };
}

describe("the refresher of sessions", () => {
	it("rotates once for eight requests at the same time, and for one that is late", async () => {
		const { clock, rotations, refresher } = setUp(rotated);
		const outcomes = await Promise.all(Array.from({ length: 8 }, () => refresher.refresh("old", null)));
		clock.nowMs = 9_000;
		outcomes.push(await refresher.refresh("old", null));
		expect(rotations).toEqual(["old"]);
		expect(outcomes).toEqual(Array(9).fill(rotated(1)));
	});

	it("asks the back end again when the memory is over, and for another session", async () => {
		const { clock, rotations, refresher } = setUp(rotated);
		await refresher.refresh("old", null);
		clock.nowMs = 10_000;
		await refresher.refresh("old", null);
		await refresher.refresh("another", null);
		expect(rotations).toEqual(["old", "old", "another"]);
	});

	it.each([
		["a refusal", () => ({ state: "rejected" }) as const],
		["an unreachable back end", () => ({ state: "unreachable" }) as const],
		["a failure", () => Promise.reject(new Error("broken"))],
	])("does not remember %s", async (_what, answer) => {
		const { rotations, refresher } = setUp(answer);
		await refresher.refresh("old", null).catch(() => undefined);
		await refresher.refresh("old", null).catch(() => undefined);
		expect(rotations).toHaveLength(2);
	});

	it("forgets a session that was signed out, so that a late request does not bring it back", async () => {
		const { rotations, refresher } = setUp((count) => (count === 1 ? rotated(1) : { state: "rejected" }));
		await refresher.refresh("old", null);
		refresher.forget("r1");
		expect(await refresher.refresh("old", null)).toEqual({ state: "rejected" });
		expect(rotations).toHaveLength(2);
	});
});
