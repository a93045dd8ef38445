import { expect, test } from "vitest";
import { decidePermission } from "../../permissions/decide-permission.ts";
import { ownFolderRules } from "./own-folder-rules.ts";

const home = "/home/ada (work)/.config/opta";

const decide = (subject: string, workspace: string, kind: "read" | "edit" | "execute" = "edit") =>
	decidePermission({
		mode: "auto",
		tool: "write_file",
		kind,
		access: { subjects: [subject], outsideWorkspace: true },
		rules: [{ tool: "*", pattern: "**", action: "allow" }, ...ownFolderRules(home, workspace)],
		allowed: [],
		repeated: false,
	}).action;

test("settings, tokens and records of Opta are out of reach, whatever mode and rules say", () => {
	for (const name of ["config.json", "daemon/state.json", "sessions/x.jsonl", "secrets.json", "rules/new.json"]) {
		expect(decide(`${home}/${name}`, "/home/ada (work)/project"), name).toBe("deny");
	}
	expect(decide(home, "/home/ada (work)/project", "read")).toBe("deny");
	expect(decide("/home/ada (work)/.config/other", "/home/ada (work)/project")).toBe("allow");
});

test("the same where the workspace holds Opta's folder", () => {
	expect(decide(".config/opta/config.json", "/home/ada (work)")).toBe("deny");
	expect(decide("notes.md", "/home/ada (work)")).toBe("allow");
});

test("own commands, memory and instructions are asked for", () => {
	expect(decide(`${home}/commands/review.md`, "/work")).toBe("ask");
	expect(decide(`${home}/AGENTS.md`, "/work")).toBe("ask");
});

test("commands are no paths", () => {
	expect(decide("npm test", "/work", "execute")).toBe("allow");
	expect(decide("npm test", home, "execute")).toBe("allow");
	expect(decide("config.json", home)).toBe("deny");
});
