import fc from "fast-check";
import { expect, it } from "vitest";
import type { Tool, ToolKind } from "../tools/tool.ts";
import { groupCalls } from "./run-calls.ts";

const kinds: readonly ToolKind[] = ["read", "edit", "execute", "network", "interact"];
const calls = (list: readonly (ToolKind | null)[]) => list.map((kind) => ({ tool: kind === null ? null : ({ kind } as Tool) }));

it("puts neighbouring reads together and everything else alone", () => {
	const groups = groupCalls(calls(["read", "network", "edit", "edit", "read", null, "execute"]));
	expect(groups.map((group) => group.map(({ tool }) => tool?.kind ?? null))).toEqual([
		["read", "network"],
		["edit"],
		["edit"],
		["read", null],
		["execute"],
	]);
});

it("keeps the order and loses none", () => {
	fc.assert(
		fc.property(fc.array(fc.constantFrom(...kinds, null), { maxLength: 20 }), (list) => {
			const given = calls(list);
			const flat = groupCalls(given).flat();
			return flat.length === given.length && flat.every((call, index) => call === given[index]);
		}),
	);
});
