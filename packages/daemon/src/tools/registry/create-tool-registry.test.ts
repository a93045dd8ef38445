import { expect, test } from "vitest";
import { z } from "zod";
import { createEgress } from "../../egress/create-egress.ts";
import { createPathLocks } from "../files/path-locks.ts";
import { createReadLedger } from "../files/read-ledger.ts";
import { defineTool, type Tool, type ToolGroup } from "../tool.ts";
import { createToolRegistry } from "./create-tool-registry.ts";

const egress = createEgress({ localOnly: () => true, lmxAddress: () => null });

const parts = { home: "/nowhere", egress, changes: { ledger: createReadLedger(), locks: createPathLocks() } };

const toolNamed = (name: string): Tool =>
	defineTool({
		name,
		description: name,
		kind: "read",
		input: z.strictObject({}),
		access: () => ({ title: name, subjects: [], alwaysPatterns: [] }),
		run: async () => ({ ok: true, output: name }),
	});

const ownNames =
	"read_file write_file edit_file multi_edit apply_patch list_dir glob grep git_status git_diff git_log git_commit todo_read todo_write ask_user memory_read memory_write web_fetch sub_agent";

test("the tools have the names of the seeds, in one order, and each can be described to a model", () => {
	const registry = createToolRegistry({ ...parts, config: () => ({ disabled: [] }) });
	expect(
		registry
			.list()
			.map((tool) => tool.name)
			.join(" "),
	).toBe(ownNames);
	for (const tool of registry.list()) {
		const schema = z.toJSONSchema(tool.input, { io: "input" });
		expect(schema.type, tool.name).toBe("object");
		expect(tool.description.length).toBeLessThan(500);
	}
});

test("disabled tools are not there, also when they are disabled later", () => {
	let disabled: string[] = [];
	const registry = createToolRegistry({ ...parts, config: () => ({ disabled }) });
	expect(registry.find("web_fetch")).toBeDefined();
	disabled = ["web_fetch"];
	expect(registry.find("web_fetch")).toBeUndefined();
	expect(registry.list().some((tool) => tool.name === "web_fetch")).toBe(false);
});

test("a server cannot take the name of a tool of ours, and its tools come last", () => {
	const registry = createToolRegistry({
		...parts,
		config: () => ({ disabled: [] }),
		mcp: { tools: () => [toolNamed("read_file"), toolNamed("mcp__a__b")], close: async () => undefined },
	});
	expect(registry.find("read_file")?.description).not.toBe("read_file");
	expect(registry.list().at(-1)?.name).toBe("mcp__a__b");
});

test("everything is closed, also when something fails to", async () => {
	const closed: string[] = [];
	const group = (name: string, fails: boolean): ToolGroup => ({
		tools: [],
		closeSession: async (sessionId) => {
			closed.push(`${name} ${sessionId}`);
		},
		close: async () => {
			closed.push(name);
			if (fails) {
				throw new Error("stuck");
			}
		},
	});
	const registry = createToolRegistry({
		...parts,
		config: () => ({ disabled: [] }),
		groups: [group("a", true), group("b", false)],
	});
	await registry.closeSession("s1");
	await expect(registry.close()).rejects.toThrow("could not be closed");
	expect(closed).toEqual(["a s1", "b s1", "a", "b"]);
});
