import { expect, it } from "vitest";
import { buildProgram, type ChosenCommand } from "./build-program.ts";
import { commandSpecs } from "./command-table.ts";

function choose(...args: string[]): ChosenCommand | undefined {
	let chosen: ChosenCommand | undefined;
	const nowhere = { out: () => undefined, error: () => undefined };
	const program = buildProgram(commandSpecs, nowhere, (one) => {
		chosen = one;
	});
	program.parse(args, { from: "user" });
	return chosen;
}

it.each(["sessions", "models"])("lists for opta %s alone, with the flags of its list", (group) => {
	const listed = choose(group, "list");
	expect(listed?.spec.name).toBe("list");
	expect(choose(group)?.spec).toBe(listed?.spec);
	const withFlags = choose(group, "--json");
	expect(withFlags?.spec).toBe(listed?.spec);
	expect(withFlags?.flags.isSet("json")).toBe(true);
});
