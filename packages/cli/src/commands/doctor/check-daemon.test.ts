import type { LinkState } from "@opta/contracts/schema/daemon-status";
import { describe, expect, it } from "vitest";
import { judgeLink } from "./check-daemon.ts";

const reach = { host: { id: "0192f0c1-2345-7abc-8def-0123456789ab", name: "Mono512" }, allow: [], lastUses: [] };

describe("judgeLink", () => {
	it.each<[LinkState, string, string]>([
		[{ state: "off" }, "skipped", "joined to no host"],
		[{ state: "signedOut" }, "warning", "nobody is signed in"],
		[{ state: "connecting" }, "warning", "being joined to Mono512"],
		[{ state: "joined", via: "lan", address: "http://192.168.1.5:8789", since: "2026-11-23T08:00:00Z" }, "ok", "on the local network"],
		[{ state: "waiting", reason: "nobody answers.", nextTryAt: "2026-11-23T08:00:00Z" }, "warning", "nobody answers."],
		[{ state: "refused", reason: "its key has changed." }, "failed", "its key has changed."],
	])("tells a link that is %o", (link, state, words) => {
		const outcome = judgeLink({ ...reach, link });
		expect(outcome).toMatchObject({ state, summary: expect.stringContaining(words) });
		expect(outcome.fix === null).toBe(state === "ok" || state === "skipped");
	});
});
