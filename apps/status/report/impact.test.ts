import type { ComponentReport, ComponentState } from "@opta/contracts/schema/status-report";
import { sites } from "@opta/contracts/sites";
import { expect, it } from "vitest";
import { impacts } from "./impact.ts";

function part(id: string, state: ComponentState): ComponentReport {
	return { id, title: id, group: "sites", state, reason: null, latencyMs: null, checkedAt: null, since: null, history: [] };
}

it("says nothing about parts that are well or not known", () => {
	expect(impacts([part("lmx", "up"), part("supabase", "noData")])).toEqual([]);
});

it("says that chat is unavailable while LMX is down", () => {
	expect(impacts([part("lmx", "down")])[0]?.text).toMatch(/^Chat is unavailable/);
});

it("calls no site harmless that others need", () => {
	const needed = sites.filter(({ name }) => impacts([part(`site-${name}`, "down")])[0]?.text.includes("No other part") !== true);
	expect(needed.map(({ name }) => name)).toEqual(["accounts", "lmx", "status"]);
});
