import type { ComponentReport, ComponentState } from "@opta/contracts/schema/status-report";
import { describe, expect, it } from "vitest";
import { overall } from "./overall.ts";

const since = "2026-11-21T12:03:00.000Z";

function part(title: string, state: ComponentState, checked = true): ComponentReport {
	return {
		id: title.toLowerCase(),
		title,
		group: "sites",
		state,
		reason: state === "up" ? null : `${title} has a reason.`,
		latencyMs: null,
		checkedAt: checked ? since : null,
		since: state === "noData" ? null : since,
		history: [],
	};
}

describe("overall", () => {
	it.each<[string, ComponentReport[], ComponentState, string]>([
		["nothing checked", [part("LMX", "noData", false)], "noData", "No data yet"],
		["checks that stopped", [part("LMX", "noData")], "noData", "No fresh data"],
		["all well", [part("LMX", "up"), part("Home", "up")], "up", "All parts answer"],
		[
			"a part that is not configured",
			[part("LMX", "up"), part("Supabase", "noData", false)],
			"up",
			"1 of 2 parts answer, no data on Supabase",
		],
		["a part that went silent", [part("LMX", "up"), part("Supabase", "noData")], "noData", "1 of 2 parts answer, no data on Supabase"],
		["one degraded", [part("LMX", "degraded"), part("Home", "up")], "degraded", "LMX answers, but not as it should"],
		["down before degraded", [part("LMX", "degraded"), part("Home", "down")], "down", "Home does not answer"],
		["two down", [part("LMX", "down"), part("Supabase", "down")], "down", "LMX and Supabase do not answer"],
		["many down", [part("a", "down"), part("b", "down"), part("c", "down")], "down", "3 parts do not answer"],
	])("names %s", (_, components, state, headline) => {
		expect(overall(components)).toMatchObject({ state, headline });
	});

	it("lists the parts where the sentence only counts them", () => {
		expect(overall([part("a", "down"), part("b", "down"), part("c", "down")]).detail).toBe("a, b, c.");
	});

	it("tells since when and why for a single part only", () => {
		expect(overall([part("LMX", "down"), part("Home", "up")])).toMatchObject({ since, detail: "LMX has a reason." });
		expect(overall([part("LMX", "down"), part("Home", "down")])).toMatchObject({ since: null, detail: null });
	});
});
