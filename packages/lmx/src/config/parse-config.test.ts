import { readFileSync } from "node:fs";
import path from "node:path";
import { lmxConfigSchema } from "@opta/contracts/schema/lmx-config";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConfig } from "./parse-config.ts";

function problemOf(text: string): string {
	const parsed = parseConfig(text, "config.yaml");
	return parsed.ok ? "" : parsed.message;
}

describe("parseConfig", () => {
	it("fills what an empty file leaves out", () => {
		expect(parseConfig("# nothing yet\n", "config.yaml")).toMatchObject({
			ok: true,
			config: {
				memoryCeiling: 0.9,
				memoryWait: 10_000,
				adminAuth: "on",
				engines: [],
				models: {},
				stall: { report: 30_000, restart: 120_000, load: 1_800_000 },
			},
		});
	});

	it("reads sizes, durations and what differs between models", () => {
		const text = [
			"memoryCeiling: 24GB",
			"memoryWait: 90s",
			"adminAuth: off",
			"defaults: { keepAlive: 5m }",
			"models:",
			"  qwen3-8b:",
			"    contextTokens: 32768",
			"    pin: true",
			"    speculation: { draft: qwen3-0.6b }",
			"prefixCache: { maxBytes: 20GiB }",
		].join("\n");
		expect(parseConfig(text, "config.yaml")).toMatchObject({
			ok: true,
			config: {
				memoryCeiling: 24e9,
				memoryWait: 90_000,
				adminAuth: "off",
				models: { "qwen3-8b": { contextTokens: 32_768, pin: true, speculation: { draft: "qwen3-0.6b" } } },
				prefixCache: { maxBytes: 20 * 1024 ** 3 },
			},
		});
	});

	it.each([
		["port: 1\nmemoryCeilling: 0.5\n", "config.yaml:2:1: memoryCeilling: LMX does not know this key"],
		["models:\n  a:\n    contextTokens: 12\n", "config.yaml:3:20: models.a.contextTokens: "],
		["models:\n  a:\n    pinned: true\n", "config.yaml:3:5: models.a.pinned: LMX does not know this key"],
		["engines:\n  - name: big\n    kind: openai\n", "config.yaml:2:5: engines[0].baseUrl: needs a baseUrl"],
		["memoryCeiling: 2", "config.yaml:1:16: memoryCeiling: must be from 0.1 to 0.98"],
		["memoryCeiling: lots", 'config.yaml:1:16: memoryCeiling: must be a size such as "24GB"'],
		["apiKeys:\n  - name: x\n    key: short\n", "config.yaml:3:10: apiKeys[0].key: must have at least 16 characters"],
		["a: 1\n b: 2\n", "config.yaml:"],
		["a: 1\na: 2\n", "config.yaml:2:1: Map keys must be unique"],
		["- 1\n", "config.yaml:1:1: "],
	])("says where and what is wrong: %j", (text, message) => {
		expect(problemOf(text)).toContain(message);
		expect(problemOf(text).split("\n")).toHaveLength(1);
	});

	it("reads the example of the documentation", () => {
		const page = readFileSync(path.join(import.meta.dirname, "../../../../docs/lmx.md"), "utf8");
		const [, example = ""] = /```yaml\n([\s\S]+?)```/.exec(page) ?? [];
		expect(problemOf(example)).toBe("");
		const parsed = parseConfig(example, "config.yaml");
		expect(Object.keys(parsed.ok ? parsed.config : {}).toSorted()).toEqual(Object.keys(lmxConfigSchema.shape).toSorted());
	});

	it("never throws, and always names a place", () => {
		const piece = fc.constantFrom(
			"models:",
			"  a: ",
			"port: ",
			"- ",
			"{",
			"}",
			"[",
			"&x ",
			"*x",
			"\n",
			"\t",
			"12",
			"'",
			'"',
			"!!binary ",
			"|",
			"%YAML 9\n",
		);
		fc.assert(
			fc.property(
				fc.oneof(
					fc.string(),
					fc.array(piece).map((pieces) => pieces.join("")),
				),
				(text) => {
					const parsed = parseConfig(text, "c");
					expect(parsed.ok || /^c:\d+:\d+: /.test(parsed.message)).toBe(true);
				},
			),
		);
	});
});
