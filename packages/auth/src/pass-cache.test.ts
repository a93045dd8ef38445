import { errorBody } from "@opta/contracts/error-body";
import { describe, expect, it } from "vitest";
import { createPassCache, type PassResult } from "./pass-cache.ts";

function setUp(answer: (count: number, nowMs: number) => PassResult | Promise<PassResult>) {
	const clock = { nowMs: 1_000_000 };
	const asked: string[] = [];
	const fetchPass = createPassCache(
		async (accessToken, target) => {
			asked.push(`${accessToken}→${Object.values(target)}`);
			return answer(asked.length, clock.nowMs);
		},
		() => clock.nowMs,
	);
	return { clock, asked, fetchPass };
}

function pass(count: number, nowMs: number): PassResult {
	return { ok: true, pass: `pass-${count}`, role: "owner", expiresAtMs: nowMs + 60_000 };
}

describe("the cache of passes", () => {
	it("asks once for requests at the same time and for as long as the pass is good", async () => {
		const { clock, asked, fetchPass } = setUp(pass);
		const results = await Promise.all([fetchPass("ada", { hostId: "h1" }), fetchPass("ada", { hostId: "h1" })]);
		clock.nowMs += 49_000;
		results.push(await fetchPass("ada", { hostId: "h1" }));
		expect(results).toEqual(Array(3).fill(pass(1, 1_000_000)));
		clock.nowMs += 2_000;
		expect(await fetchPass("ada", { hostId: "h1" })).toMatchObject({ pass: "pass-2" });
		expect(asked).toHaveLength(2);
	});

	it("forgets a pass that its host did not take, and no other", async () => {
		const { asked, fetchPass } = setUp(pass);
		await fetchPass("ada", { hostId: "h1" });
		await fetchPass("ada", { hostId: "h2" });
		await fetchPass.forget("ada", { hostId: "h1" }, "pass-1");
		expect(await fetchPass("ada", { hostId: "h1" })).toMatchObject({ pass: "pass-3" });
		await fetchPass.forget("ada", { hostId: "h1" }, "pass-1");
		await fetchPass.forget("ada", { hostId: "h2" }, "pass-1");
		await fetchPass("ada", { hostId: "h1" });
		await fetchPass("ada", { hostId: "h2" });
		expect(asked).toHaveLength(3);
	});

	it("keeps people, hosts and devices apart", async () => {
		const { asked, fetchPass } = setUp(pass);
		await fetchPass("ada", { hostId: "h1" });
		await fetchPass("eve", { hostId: "h1" });
		await fetchPass("ada", { hostId: "h2" });
		await fetchPass("ada", { deviceId: "h1", keyThumbprint: "t" });
		await fetchPass("ada", { deviceId: "h1", keyThumbprint: "u" });
		expect(asked).toEqual(["ada→h1", "eve→h1", "ada→h2", "ada→h1,t", "ada→h1,u"]);
	});

	it("does not keep a refusal or a failure", async () => {
		const refusal: PassResult = { ok: false, status: 503, body: errorBody("unavailable", "down") };
		const { fetchPass } = setUp((count, nowMs) => {
			if (count === 1) {
				return refusal;
			}
			return count === 2 ? Promise.reject(new Error("broken")) : pass(count, nowMs);
		});
		expect(await fetchPass("ada", { hostId: "h1" })).toEqual(refusal);
		await expect(fetchPass("ada", { hostId: "h1" })).rejects.toThrow("broken");
		expect(await fetchPass("ada", { hostId: "h1" })).toMatchObject({ pass: "pass-3" });
	});

	it("stays bounded by forgetting the oldest", async () => {
		const { asked, fetchPass } = setUp(pass);
		for (let index = 0; index <= 1_000; index += 1) {
			await fetchPass(`person ${index}`, { hostId: "h1" });
		}
		await fetchPass("person 1000", { hostId: "h1" });
		expect(asked).toHaveLength(1_001);
		await fetchPass("person 0", { hostId: "h1" });
		expect(asked).toHaveLength(1_002);
	});
});
