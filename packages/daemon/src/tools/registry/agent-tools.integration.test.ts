import { randomUUID } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { StreamEvent } from "@opta/contracts/schema/daemon-events";
import { createDaemonClient } from "@opta/host-client/daemon/create-daemon-client";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DaemonHome, makeDaemonHome } from "../../testing/daemon-home.ts";
import { expectValue } from "../../testing/daemon-in-process.ts";
import { type ScriptedModel, startScriptedModel } from "../../testing/scripted-model.ts";

let model: ScriptedModel;
let place: DaemonHome;
let client: DaemonClient;

async function connect(): Promise<void> {
	const { state, baseUrl } = await place.ensure();
	client = createDaemonClient({ baseUrl, token: () => state.token, clientId: randomUUID(), clientName: "test" });
}

async function killDaemon(): Promise<void> {
	const { pid } = await place.readState();
	process.kill(pid, "SIGKILL");
	await expect.poll(() => isThere(pid)).toBe(false);
}

function isThere(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

/** Sends a message and follows its turn to its end; what is asked meanwhile is denied. */
async function turn(sessionId: string, content: string): Promise<StreamEvent[]> {
	const seen: StreamEvent[] = [];
	const over = new AbortController();
	const { promise: follows, resolve: onSnapshot } = Promise.withResolvers<unknown>();
	const onEvent = async (event: StreamEvent): Promise<void> => {
		seen.push(event);
		if (event.type === "permission.request") {
			await client.answerPermission({ permissionId: event.data.permission.id, decision: "deny" });
		}
		if (event.type === "turn.done" || event.type === "turn.error") {
			over.abort();
		}
	};
	const following = client.followSession(sessionId, { onSnapshot, onEvent: (event) => void onEvent(event) }, over.signal);
	await follows;
	expectValue(await client.createTurn(sessionId, { content }, randomUUID()));
	await following;
	return seen;
}

const results = (events: readonly StreamEvent[]) => events.flatMap((event) => (event.type === "tool.result" ? [event.data] : []));
const text = (name: string): Promise<string> => readFile(path.join(place.workspace, name), "utf8");

beforeEach(async () => {
	model = await startScriptedModel({ contextTokens: 65_536 });
	place = await makeDaemonHome({
		connection: { host: model.host, port: model.port },
		agent: { titles: false },
		permissions: { mode: "edit" },
	});
	await writeFile(path.join(place.workspace, "a.txt"), "one\ntwo\n");
	await connect();
});

afterEach(async () => {
	await place.close();
	await model.close();
});

test("what the agent did to files is taken back by a rewind, also when the daemon was killed in between", async () => {
	const { id } = expectValue(await client.createSession({ workspace: place.workspace }));
	model.reply(
		{ call: "edit_file", arguments: { path: "a.txt", old_string: "two", new_string: "2" } },
		{ call: "write_file", arguments: { path: "src/new.ts", content: "export {};\n" } },
	);
	model.reply({ text: "Done." });
	const first = await turn(id, "Change things.");
	expect(results(first).map(({ name, ok, diff }) => [name, ok, diff !== undefined])).toEqual([
		["edit_file", true, true],
		["write_file", true, true],
	]);
	expect(await text("a.txt")).toBe("one\n2\n");

	await killDaemon();
	await connect();
	expect(expectValue(await client.sessionDiff(id))).toContain("-two\n+2");
	model.reply({ call: "apply_patch", arguments: { patch: "*** Begin Patch\n*** Delete File: a.txt\n*** End Patch" } });
	model.reply({ text: "Gone." });
	await turn(id, "Delete it.");
	expect(await readdir(place.workspace)).toEqual(["src"]);

	const { messages } = expectValue(await client.readSession(id));
	const [message] = messages.filter(({ role }) => role === "user");
	await killDaemon();
	await connect();
	const rewound = expectValue(await client.rewindSession(id, { messageId: message!.id }));
	expect(rewound.skipped).toEqual([]);
	expect(rewound.restoredFiles).toHaveLength(2);
	expect(await readdir(place.workspace)).toEqual(["a.txt"]);
	expect(await text("a.txt")).toBe("one\ntwo\n");
	expect(expectValue(await client.readSession(id)).messages).toEqual([]);
});

test("in edit mode secrets are asked for, the web is not reached with local only, and the daemon's own token is out of reach", async () => {
	const { id } = expectValue(await client.createSession({ workspace: place.workspace }));
	await writeFile(path.join(place.workspace, "server.key"), "secret\n");
	model.reply({ call: "web_fetch", arguments: { url: "https://example.org/" } });
	model.reply({ call: "read_file", arguments: { path: "server.key" } });
	model.reply({ call: "read_file", arguments: { path: "../daemon/state.json" } });
	model.reply({ text: "I was not allowed to." });
	const events = await turn(id, "Look around.");
	const asked = events.flatMap((event) => (event.type === "permission.request" ? [event.data.permission.title] : []));
	expect(asked).toEqual(["Read server.key (may hold secrets)"]);
	const [fetched, read, token] = results(events);
	expect(fetched).toMatchObject({ ok: false });
	expect(fetched?.output).toContain('"Local only" is on');
	expect(read).toMatchObject({ ok: false });
	expect(read?.output).toContain("Not allowed");
	expect(token).toMatchObject({ ok: false });
	expect(token?.output).toContain("A rule of the configuration does not allow read_file");
});
