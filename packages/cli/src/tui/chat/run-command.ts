import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { exitCodes, permissionModes } from "@opta/contracts/daemon-protocol";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import type { HostResult } from "@opta/host-client/host-error";
import type { BuiltinName } from "../../slash/builtin-commands.ts";
import { edit } from "../editor/edit.ts";
import { emptyEditor } from "../editor/editor-state.ts";
import { countText } from "../text/quantity.ts";
import { noDaemonYet } from "./change-session.ts";
import type { Chat } from "./chat.ts";
import { helpText } from "./help-text.ts";
import { inboxPanel, modelsPanel, openPanel, sessionsPanel, setModel } from "./list-panels.ts";
import { allBlocks } from "./local-blocks.ts";
import { rewindPanel } from "./rewind-panel.ts";
import { sendPrompt } from "./send-prompt.ts";
import { setMode, settingsPanel } from "./settings-panel.ts";

/** Runs a command of the program. */
export async function runCommand(chat: Chat, name: BuiltinName, rest: string): Promise<void> {
	switch (name) {
		case "help":
			return showText(chat, "Help", helpText(chat.store.get()));
		case "model":
			return rest === "" ? openPanel(chat, modelsPanel(chat)) : await setModel(chat, rest);
		case "sessions":
			return openPanel(chat, sessionsPanel(chat, rest));
		case "new":
			return chat.open(null);
		case "fork":
			return await withSession(
				chat,
				"Not forked",
				async (client, id) => client.forkSession(id),
				(forked) => chat.open(forked.id),
			);
		case "rewind":
			return openPanel(chat, rewindPanel(chat));
		case "compact":
			chat.store.update((state) => ({ ...state, hint: "Summarising older messages…" }));
			await withSession(
				chat,
				"Not compacted",
				(client, id) => client.compactSession(id),
				() => undefined,
			);
			return chat.store.update((state) => ({ ...state, hint: null }));
		case "diff":
			return await withSession(
				chat,
				"No diff",
				(client, id) => client.sessionDiff(id),
				(diff) => showDiff(chat, diff),
			);
		case "permissions":
			return await permissions(chat, rest);
		case "mcp":
			return await showServers(chat);
		case "memory":
			return await memory(chat, rest);
		case "settings":
			return openPanel(chat, settingsPanel(chat));
		case "whoami":
			return chat.note((await chat.options.whoAmI?.()) ?? "Nobody is signed in. `opta account login` signs in.");
		case "export":
			return await exportSession(chat, rest);
		case "clear":
			return chat.store.update((state) => ({
				...state,
				clears: state.clears + 1,
				hiddenUntil: allBlocks(state).at(-1)?.id ?? null,
				anchor: null,
			}));
		case "quit":
			return chat.leave(exitCodes.ok);
	}
}

/** Asks the daemon about this session and goes on with the answer; says what went wrong otherwise. */
async function withSession<T>(
	chat: Chat,
	failure: string,
	ask: (client: DaemonClient, sessionId: string) => Promise<HostResult<T>>,
	then: (value: T) => void | Promise<void>,
): Promise<void> {
	const { sessionId } = chat.store.get();
	const client = chat.client();
	if (client === null || sessionId === null) {
		chat.note(client === null ? noDaemonYet : "There is no session yet. Type a message to begin one.");
		return;
	}
	const answer = await ask(client, sessionId);
	if (answer.ok) {
		await then(answer.value);
	} else {
		chat.problem(failure, answer.error);
	}
}

/** A longer text: over the full screen, or printed where the terminal scrolls by itself. */
function showText(chat: Chat, title: string, text: string): void {
	if (chat.options.fullScreen) {
		openPanel(chat, { kind: "text", title, text, scroll: 0 });
	} else {
		chat.note(text);
	}
}

function showDiff(chat: Chat, diff: string): void {
	if (diff.trim() === "") {
		chat.note("This session changed no files.");
	} else {
		chat.show({ kind: "diff", id: `local:${randomUUID()}`, settled: true, text: diff });
	}
}

async function permissions(chat: Chat, rest: string): Promise<void> {
	const mode = permissionModes.find((candidate) => candidate === rest);
	if (mode !== undefined) {
		return await setMode(chat, mode);
	}
	if (rest !== "") {
		chat.note(`There is no mode “${rest}”. Modes: ${permissionModes.join(", ")}.`);
		return;
	}
	await chat.refresh();
	openPanel(chat, inboxPanel(chat));
}

async function showServers(chat: Chat): Promise<void> {
	const tools = await chat.client()?.tools();
	if (tools === undefined || !tools.ok) {
		chat.note(tools?.error.message ?? noDaemonYet);
		return;
	}
	const lines = tools.value.servers.map((server) => {
		const names = tools.value.tools.filter((tool) => tool.server === server.name).map((tool) => tool.name);
		return [
			`${server.name}: ${server.problem ?? server.state.replaceAll("_", " ")} · ${countText(server.tools, "tool")}`,
			...names.map((name) => `  ${name}`),
		].join("\n");
	});
	showText(chat, "MCP servers", lines.length === 0 ? "No MCP server is configured. `opta mcp add` adds one." : lines.join("\n"));
}

/** What is remembered is kept and read by tools of the agent; so both are turns. */
async function memory(chat: Chat, rest: string): Promise<void> {
	const editor = edit(emptyEditor, { type: "set", text: `/memory ${rest}`.trimEnd() });
	const text = rest === "" ? "Show me what you remember of this project, word for word." : `Remember for this project: ${rest}`;
	await sendPrompt(chat, { text, attachments: [], editor }, "queue");
}

async function exportSession(chat: Chat, name: string): Promise<void> {
	const { view, workspace } = chat.store.get();
	const format = name.endsWith(".json") ? "json" : "markdown";
	const title = (view.info?.title ?? "")
		.toLowerCase()
		.replace(/[^\p{L}\p{N}]+/gu, "-")
		.replace(/^-|-$/g, "");
	const file = path.resolve(workspace, name === "" ? `${title || "session"}.md` : name);
	await withSession(
		chat,
		"Not exported",
		(client, id) => client.exportSession(id, format),
		async (text) => {
			const written = await writeFile(file, text, { flag: "wx", mode: 0o600 }).then(
				() => `Saved as ${file}`,
				(error: NodeJS.ErrnoException) =>
					error.code === "EEXIST" ? `${file} is there already. Name another file: /export other.md` : `Not saved: ${error.message}`,
			);
			chat.note(written);
		},
	);
}
