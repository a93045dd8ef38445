import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { FastifyInstance } from "fastify";
import type { HTTPMethods } from "fastify/types/utils.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LiveSettings } from "../../config/live-settings.ts";
import { EventBus } from "../../events/event-bus.ts";
import { openInstruments } from "../../instruments.ts";
import { createLogger } from "../../logs/create-logger.ts";
import { LogBook } from "../../logs/log-book.ts";
import { type OpenJobs, openJobs } from "../../open-jobs.ts";
import { type OpenModels, openModels } from "../../open-models.ts";
import { parseOptions } from "../../options/lmx-options.ts";
import { createServer } from "../create-server.ts";
import { type Access, openAccess } from "./open-access.ts";

/** What every machine of the network may see, keys or not. */
const openToAll = ["/", "/docs", "/healthz", "/openapi.json", "/readyz"];
const forInference = /^\/(v1\/|(tokenize|detokenize|apply-template|chat\/completions|completions|embeddings|rerank)$)/;

interface Route {
	readonly method: HTTPMethods;
	readonly path: string;
}

const model = path.join(import.meta.dirname, "../../../models/stories260K.gguf");
const clientKey = "a-key-of-a-client";

let folder: string;
let settings: LiveSettings;
let models: OpenModels;
let jobs: OpenJobs;
let access: Access;
let app: FastifyInstance;
let url: string;

beforeAll(async () => {
	folder = mkdtempSync(path.join(tmpdir(), "opta-access-"));
	await mkdir(path.join(folder, "lmx"));
	writeFileSync(path.join(folder, "lmx", "config.yaml"), `apiKeys: [{ name: bot, key: ${clientKey} }]\n`, { mode: 0o600 });
	const parsed = parseOptions(["--state-dir", folder, "--host", "0.0.0.0", "--model", model], {});
	if (parsed.kind !== "options") {
		throw new Error("The options are not understood.");
	}
	const events = new EventBus();
	const book = new LogBook();
	const logger = createLogger("error", book, { write: () => undefined });
	const opened = LiveSettings.open({ options: parsed.options, events, logger });
	if (!opened.ok) {
		throw new Error(opened.message);
	}
	({ settings } = opened);
	access = await openAccess(settings);
	models = await openModels(settings, events, logger);
	jobs = openJobs(settings, models, events, logger);
	app = await createServer({ models, jobs, settings, events, access, instruments: openInstruments(models, events, book), logger });
	await app.listen({ host: "127.0.0.1", port: 0 });
	url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
});

afterAll(async () => {
	settings.close();
	await jobs.close();
	await models.close();
	await app.close();
	rmSync(folder, { recursive: true, force: true });
});

/** The routes as Fastify prints them: a tree of names, four characters for each level. */
function allRoutes(): Route[] {
	const names: string[] = [];
	return app
		.printRoutes({ commonPrefix: false })
		.split("\n")
		.flatMap((line) => {
			const [, indent = "", name = "", methods] = /^([│├└─\s]*)(.*?)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
			names.splice(indent.length / 4 - 1, names.length, name);
			return (methods?.split(", ") ?? []).map((method) => ({
				method: method as HTTPMethods,
				path: names.join("").replace(/(?<!\/)\*/, "/*"),
			}));
		});
}

/** The status that a request of another machine gets; streams are left after their head. */
async function statusFromLan({ method, path: pattern }: Route, key?: string): Promise<number> {
	const response = await app.inject({
		method,
		url: pattern.replaceAll(/:\w+/g, "x").replace("*", "x"),
		remoteAddress: "192.168.1.9",
		headers: { host: "192.168.1.5:1234", ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
		payloadAsStream: true,
	});
	response.stream().destroy();
	return response.statusCode;
}

async function pathsThat(isRefused: (status: number) => boolean, key?: string): Promise<string[]> {
	const statuses = await Promise.all(allRoutes().map(async (route) => ({ route, status: await statusFromLan(route, key) })));
	return [...new Set(statuses.filter(({ status }) => !isRefused(status)).map(({ route }) => route.path))].toSorted();
}

const isRefused = (status: number): boolean => status === 401 || status === 403;
const needsAdmin = (route: string): boolean => !openToAll.includes(route) && !forInference.test(route) && !/^\/(docs\/)?\*?$/.test(route);

describe("every route, from the LAN", () => {
	it("is found", () => {
		const paths = allRoutes().map((route) => route.path);
		expect(paths).toEqual(expect.arrayContaining(["/admin/presets/:name", "/v1/chat/completions", "/metrics", "/admin/status"]));
	});

	it("without a key shows that the server lives, and nothing of it", async () => {
		const open = await pathsThat(isRefused);
		expect(open.filter((route) => !openToAll.includes(route) && !/^\/(docs\/)?\*?$/.test(route))).toEqual([]);
		expect(open).toEqual(expect.arrayContaining(["/", "/healthz", "/readyz"]));
	});

	it("with a wrong key opens no more than without one", async () => {
		const status = await statusFromLan({ method: "GET", path: "/admin/status" }, "wrong");
		expect(status).toBe(401);
	});

	it("with a client's key opens inference, and nothing of the admin's", async () => {
		const open = await pathsThat(isRefused, clientKey);
		expect(open.filter(needsAdmin)).toEqual([]);
		expect(open).toEqual(
			allRoutes()
				.map((route) => route.path)
				.filter((route, index, all) => !needsAdmin(route) && all.indexOf(route) === index)
				.toSorted(),
		);
	});

	it("with the admin key opens", async () => {
		const all = [...new Set(allRoutes().map((route) => route.path))].toSorted();
		expect(await pathsThat(isRefused, access.newAdminKey ?? "")).toEqual(all);
	});
});

it("every route is open to programs of this machine, without any key", async () => {
	for (const { method, path: pattern } of allRoutes()) {
		const gone = new AbortController();
		const response = await fetch(`${url}${pattern.replaceAll(/:\w+/g, "x").replace("*", "x")}`, { method, signal: gone.signal });
		expect(isRefused(response.status), `${method} ${pattern}`).toBe(false);
		gone.abort();
	}
});
