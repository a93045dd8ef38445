import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { OptaConfigInput } from "@opta/contracts/schema/opta-config";
import { createDaemonClient } from "@opta/host-client/daemon/create-daemon-client";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import type { HostResult } from "@opta/host-client/host-error";
import { environment } from "../env.ts";
import { startDaemon } from "../start-daemon.ts";
import { type ScriptedModel, type ScriptedModelOptions, startScriptedModel } from "./scripted-model.ts";

/** A daemon in the test's own process, on a free port, with a model that says what the test tells it. */
export interface TestDaemon {
	readonly home: string;
	readonly workspace: string;
	readonly baseUrl: string;
	readonly token: string;
	readonly model: ScriptedModel;
	/** A client with an id of its own. */
	readonly client: (name?: string) => DaemonClient;
	/** Sends a request with the daemon's token; headers may replace it. */
	readonly send: (path: string, init?: RequestInit) => Promise<Response>;
	/** A session in the workspace. */
	readonly createSession: () => Promise<string>;
	/** Stops the daemon and starts it again on the same port. */
	readonly restart: () => Promise<void>;
	readonly close: () => Promise<void>;
}

/** The value of a result. @throws its error. */
export function expectValue<T>(result: HostResult<T>): T {
	if (!result.ok) {
		throw new Error(`${result.error.code}: ${result.error.message}`);
	}
	return result.value;
}

/** Starts it. */
export async function startTestDaemon(config: OptaConfigInput = {}, modelOptions: ScriptedModelOptions = {}): Promise<TestDaemon> {
	const home = await realpath(await mkdtemp(path.join(os.tmpdir(), "opta-server-")));
	const workspace = path.join(home, "workspace");
	await mkdir(workspace);
	const model = await startScriptedModel(modelOptions);
	const connection = { host: model.host, port: model.port };
	await writeFile(path.join(home, "config.json"), JSON.stringify({ connection, agent: { titles: false }, ...config }));
	const open = async (port: number) => {
		const started = await startDaemon({ home, port, environment: { PATH: environment.PATH, HOME: home } });
		if (!started.ok) {
			throw new Error(started.message);
		}
		return started.daemon;
	};
	let daemon = await open(0);
	const { baseUrl } = daemon;
	const client = (name = "test"): DaemonClient =>
		createDaemonClient({ baseUrl, token: () => daemon.token, clientId: randomUUID(), clientName: name });
	return {
		home,
		workspace,
		baseUrl,
		get token() {
			return daemon.token;
		},
		model,
		client,
		send: (to, init = {}) => fetch(`${baseUrl}${to}`, { ...init, headers: { authorization: `Bearer ${daemon.token}`, ...init.headers } }),
		createSession: async () => expectValue(await client().createSession({ workspace })).id,
		async restart() {
			const { port } = daemon;
			await daemon.stop(0);
			daemon = await open(port);
		},
		async close() {
			await daemon.stop(0);
			await model.close();
			await rm(home, { recursive: true, force: true });
		},
	};
}
