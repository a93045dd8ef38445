import { expect, it } from "vitest";
import { z } from "zod";
import { defineTool, type Tool } from "../tools/tool.ts";
import { modelToolOf, offeredTools } from "./offered-tools.ts";

function tool(name: string, rest: Partial<Tool> = {}): Tool {
	const made = defineTool({
		name,
		description: `The tool ${name}. ${"It does much. ".repeat(20)}`,
		kind: "read",
		input: z.strictObject({ path: z.string().default("."), depth: z.int().optional() }),
		access: () => ({ title: name, subjects: [], alwaysPatterns: [] }),
		run: async () => ({ ok: true, output: "" }),
	});
	return { ...made, ...rest };
}

const names = (tools: readonly Tool[]): string[] => tools.map(({ name }) => name);

it("keeps our own order and sorts those of servers, whichever was ready first", () => {
	const own = [tool("grep"), tool("read_file")];
	const [a, b] = [tool("mcp__a__x", { server: "a" }), tool("mcp__b__y", { server: "b" })];
	expect(names(offeredTools([...own, b, a], null))).toEqual(["grep", "read_file", "mcp__a__x", "mcp__b__y"]);
	expect(offeredTools([...own, a, b], null)).toEqual(offeredTools([...own, b, a], null));
});

it("gives a model with a small window the tools without which nothing works", () => {
	const all = [tool("browser_open"), tool("git_log"), tool("read_file"), tool("lsp_hover"), tool("edit_file")];
	expect(names(offeredTools(all, 1200))).toEqual(["read_file", "edit_file"]);
	expect(names(offeredTools(all, 100_000))).toEqual(names(all));
	expect(offeredTools(all, 50)).toEqual([]);
});

it("describes arguments as the model has to write them, and always in the same bytes", () => {
	const [described] = [tool("read_file")].map(modelToolOf);
	expect(described?.parameters).toMatchObject({ type: "object", additionalProperties: false, properties: { path: { default: "." } } });
	expect(described?.parameters).not.toHaveProperty("$schema");
	expect(described?.parameters).not.toHaveProperty("required");
	expect(modelToolOf(tool("x", { inputJsonSchema: { type: "object", title: "X" } })).parameters).toEqual({ type: "object", title: "X" });
});
