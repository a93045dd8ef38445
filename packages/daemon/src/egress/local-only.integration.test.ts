import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { OptaConfigInput } from "@opta/contracts/schema/opta-config";
import { createDaemonClient } from "@opta/host-client/daemon/create-daemon-client";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type DaemonHome, daemonScript, makeDaemonHome } from "../testing/daemon-home.ts";
import { expectValue } from "../testing/daemon-in-process.ts";
import { type ScriptedModel, startScriptedModel } from "../testing/scripted-model.ts";
import { isLoopbackAddress } from "./guard-address.ts";

const recorder = fileURLToPath(new URL("../testing/record-connections.ts", import.meta.url));
/** TEST-NET-1 (RFC 5737): an address that nobody has. */
const cloud = "http://192.0.2.1:8123";

let home: DaemonHome;
let model: ScriptedModel;
let daemon: ChildProcess | null;
let attempts: { type: string; target: string; port: number | null }[];
let onAttempt: () => void;

beforeEach(async () => {
	home = await makeDaemonHome();
	model = await startScriptedModel();
	attempts = [];
	onAttempt = () => undefined;
	daemon = null;
});

afterEach(async () => {
	if (daemon !== null && daemon.exitCode === null) {
		daemon.kill("SIGKILL");
		await once(daemon, "exit");
	}
	await model.close();
	await home.close();
});

/** The daemon as a process of its own, under the eyes of the recorder. */
async function startWatched(config: OptaConfigInput): Promise<DaemonClient> {
	const connection = { host: model.host, port: model.port };
	await writeFile(path.join(home.home, "config.json"), JSON.stringify({ connection, ...config }));
	const child = spawn(process.execPath, ["--import", recorder, daemonScript, "--state-dir", home.home, "--port", "0"], {
		stdio: ["ignore", "pipe", "inherit", "pipe"],
		env: { ...home.environment, ANTHROPIC_API_KEY: "sk-ant-test" },
	});
	daemon = child;
	createInterface({ input: child.stdio[3] as NodeJS.ReadableStream }).on("line", (line) => {
		attempts.push(JSON.parse(line));
		onAttempt();
	});
	const ended = once(child, "exit").then(() => Promise.reject(new Error("The daemon ended before it listened.")));
	await Promise.race([once(child.stdout as NodeJS.ReadableStream, "data"), ended]);
	// From here on its end is the test's own doing.
	ended.catch(() => undefined);
	const state = await home.readState();
	return createDaemonClient({
		baseUrl: `http://127.0.0.1:${state.port}`,
		token: () => state.token,
		clientId: randomUUID(),
		clientName: "test",
	});
}

/** Runs a turn to its end, or until `enough` settles. */
async function runTurn(client: DaemonClient, content: string, turnModel: string): Promise<string> {
	const { id } = expectValue(await client.createSession({ workspace: home.workspace, mode: "auto" }));
	const over = new AbortController();
	let end = "";
	const followed = client.followSession(
		id,
		{
			onSnapshot: () => undefined,
			onEvent: (event) => {
				if (event.type === "turn.done" || event.type === "turn.error") {
					end = event.type === "turn.error" ? event.data.message : event.data.reason;
					over.abort();
				}
			},
		},
		over.signal,
	);
	expectValue(await client.createTurn(id, { content, model: turnModel }, randomUUID()));
	await followed;
	return end;
}

function outside(): string[] {
	return attempts.filter(({ type, target }) => type !== "PIPECONNECTWRAP" && !isLoopbackAddress(target)).map(({ target }) => target);
}

it("makes no connection and looks no name up outside of this computer, whatever the model asks for and also when LMX is gone", async () => {
	const client = await startWatched({ localOnly: true, anthropic: { enabled: true, baseUrl: cloud } });
	model.reply(
		{ call: "web_fetch", arguments: { url: "https://example.com/" } },
		{ call: "web_fetch", arguments: { url: `${cloud}/page` } },
	);
	model.reply({ text: "I could not." });
	expect(await runTurn(client, "Fetch example.com", "auto")).toBe("stop");
	const results = model.requests[1]?.body.messages.filter(({ role }) => role === "tool").map(({ content }) => content) ?? [];
	expect(results).toEqual([expect.stringContaining("Local only"), expect.stringContaining("Local only")]);
	expect(attempts.some(({ port }) => port === model.port)).toBe(true);
	expect(await runTurn(client, "Hi", "claude-sonnet-5")).toContain("Local only");
	await model.close();
	expect(await runTurn(client, "Hi", "auto")).toContain("cannot be reached");
	expect(outside()).toEqual([]);
});

it("goes out where it was switched off, so that the test above can fail", async () => {
	const client = await startWatched({ localOnly: false, anthropic: { enabled: true, baseUrl: cloud } });
	await model.close();
	const seen = new Promise<void>((resolve) => {
		onAttempt = () => (outside().includes("192.0.2.1") ? resolve() : undefined);
	});
	void runTurn(client, "Hi", "auto").catch(() => "ended with the daemon");
	await seen;
});
