import { describe, expect, it } from "vitest";
import { toHostSummaries } from "./host-rows.ts";

const mono = "0193f3a0-0000-7000-8000-000000000001";
const spare = "0193f3a0-0000-7000-8000-000000000002";

describe("the hosts of a person", () => {
	it("are those of the memberships, by name, with times as the wire has them", () => {
		const hosts = toHostSummaries(
			[
				{ host_id: mono, role: "owner" },
				{ host_id: spare, role: "viewer" },
			],
			[
				{ id: spare, name: "Spare", last_seen_at: null },
				{ id: mono, name: "Mono512", last_seen_at: "2026-11-21 07:35:57.786+00" },
			],
		);
		expect(hosts).toEqual([
			{ id: mono, name: "Mono512", role: "owner", lastSeenAt: "2026-11-21T07:35:57.786Z" },
			{ id: spare, name: "Spare", role: "viewer", lastSeenAt: null },
		]);
	});

	it("leave out what an admin may see without being a member, and rows with a role nobody knows", () => {
		const rows = [
			{ id: mono, name: "Mono512", last_seen_at: null },
			{ id: spare, name: "Spare", last_seen_at: "not a time" },
		];
		expect(toHostSummaries([{ host_id: spare, role: "emperor" }], rows)).toEqual([]);
		expect(toHostSummaries([{ host_id: spare, role: "user" }], rows)).toMatchObject([{ id: spare, lastSeenAt: null }]);
	});
});
