import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { EngineConfig } from "@opta/contracts/schema/lmx-config";
import type { LmxEvent } from "@opta/contracts/schema/lmx-events";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EventBus } from "../events/event-bus.ts";
import { type FakeOpenAiServer, json, startFakeOpenAiServer } from "../testing/fake-openai-server.ts";
import { OpenAiServers } from "./openai-servers.ts";

let folder: string;
let one: FakeOpenAiServer;
let two: FakeOpenAiServer;
let servers: OpenAiServers;
let events: LmxEvent[];
let lines: string[];

beforeEach(async () => {
	folder = mkdtempSync(path.join(tmpdir(), "opta-servers-"));
	[one, two] = await Promise.all([startFakeOpenAiServer(), startFakeOpenAiServer()]);
	const bus = new EventBus();
	events = [];
	lines = [];
	bus.subscribe((event) => events.push(event));
	servers = new OpenAiServers({
		environment: { CLUSTER_KEY: "key-from-variable" },
		events: bus,
		logger: pino({}, { write: (line) => lines.push(line) }),
	});
});

afterEach(async () => {
	await Promise.all([servers.close(), one.close(), two.close()]);
	rmSync(folder, { recursive: true, force: true });
});

const configure = (...engines: readonly EngineConfig[]): Promise<void> =>
	servers.configure({ engines, configFile: path.join(folder, "config.yaml") });

describe("OpenAiServers", () => {
	it("finds the models of every server, and what each is told it is", async () => {
		one.models = [
			{ id: "Big", owned_by: "vllm", max_model_len: 32_768 },
			{ id: "shared", owned_by: "vllm" },
		];
		two.models = [{ id: "shared", owned_by: "opta-local", opta: { contextTokens: 8192 } }];
		await configure({ name: "cluster", kind: "openai", baseUrl: one.baseUrl }, { name: "den", kind: "openai", baseUrl: `${two.baseUrl}/` });
		expect(servers.list().map(({ id, server, contextTokens }) => [id, server, contextTokens])).toEqual([
			["Big", "cluster", 32_768],
			["shared", "cluster", null],
		]);
		expect(servers.find("big")?.unhealthyReason()).toBeNull();
		expect(servers.find("den/shared")?.contextTokens).toBe(8192);
		expect(servers.find("nobody")).toBeUndefined();
		expect(events.flatMap((event) => (event.type === "models.changed" ? event.added : [])).toSorted()).toEqual(["Big", "shared"]);
	});

	it("has the models that the configuration names, also before the server answers", async () => {
		one.isHealthy = false;
		one.answer = json(500, {});
		await configure({ name: "cluster", kind: "openai", baseUrl: one.baseUrl, models: ["far", "farther"] });
		expect(servers.list().map(({ id }) => id)).toEqual(["far", "farther"]);
		expect(lines.join()).toContain("status 500");
	});

	it("follows the configuration: new servers come, others go", async () => {
		const first: EngineConfig = { name: "cluster", kind: "openai", baseUrl: one.baseUrl };
		await configure(first);
		expect(one.requests).toHaveLength(1);
		two.models = [{ id: "near" }];
		await configure(first, { name: "den", kind: "openai", baseUrl: two.baseUrl });
		expect(one.requests).toHaveLength(1);
		expect(servers.list().map(({ id }) => id)).toEqual(["far", "near"]);
		await configure({ name: "den", kind: "openai", baseUrl: two.baseUrl });
		expect(servers.list().map(({ id }) => id)).toEqual(["near"]);
		expect(events.at(-1)).toMatchObject({ type: "models.changed", added: [], removed: ["far"] });
	});

	it("reads keys from files and variables, sends them, and writes them nowhere", async () => {
		writeFileSync(path.join(folder, "key"), "key-from-file\n");
		await configure(
			{ name: "cluster", kind: "openai", baseUrl: one.baseUrl, apiKeyFile: "key" },
			{ name: "den", kind: "openai", baseUrl: two.baseUrl, apiKeyEnv: "CLUSTER_KEY" },
		);
		expect(one.requests[0]?.headers.authorization).toBe("Bearer key-from-file");
		expect(two.requests[0]?.headers.authorization).toBe("Bearer key-from-variable");
		expect(lines.join()).not.toContain("key-from");
	});

	it("leaves out a server whose key is missing, and says so", async () => {
		await configure(
			{ name: "cluster", kind: "openai", baseUrl: one.baseUrl, apiKeyFile: "nowhere" },
			{ name: "den", kind: "openai", baseUrl: two.baseUrl, apiKeyEnv: "NOT_SET" },
		);
		expect(servers.list()).toEqual([]);
		expect(one.requests).toEqual([]);
		expect(lines.join()).toMatch(/key of the server cluster cannot be read.*NOT_SET/s);
	});

	it("says that a server is gone", async () => {
		await configure({ name: "cluster", kind: "openai", baseUrl: "http://127.0.0.1:9/v1", models: ["far"] });
		expect(lines.join()).toContain("cannot be reached");
	});
});
