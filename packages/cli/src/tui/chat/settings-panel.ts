import { permissionModes } from "@opta/contracts/daemon-protocol";
import type { PermissionMode } from "@opta/contracts/schema/daemon-permission";
import { changeSession } from "./change-session.ts";
import type { Chat } from "./chat.ts";
import { type ChatState, chosenMode, chosenModel } from "./chat-state.ts";
import { modelsPanel, openPanel } from "./list-panels.ts";
import type { Panel, PanelItem } from "./panel.ts";

const modeNotes: Readonly<Record<PermissionMode, string>> = {
	plan: "only look, change nothing",
	ask: "ask before changes and commands",
	edit: "edit files freely, ask before commands",
	auto: "anything that no rule denies or asks for",
};

/** Switches of the chat, the account, and how the daemon is. Enter changes the selected line. */
export function settingsPanel(chat: Chat): Panel {
	const { store, options, place } = chat;
	void chat
		.client()
		?.status()
		.then((status) => store.update((state) => (status.ok ? { ...state, status: status.value } : state)));
	void options.whoAmI?.().then((account) => store.update((state) => ({ ...state, account })));
	const change: Readonly<Record<string, () => void>> = {
		model: () => openPanel(chat, modelsPanel(chat)),
		mode: () => void nextMode(chat),
		busy: () => store.update((state) => ({ ...state, busyMode: state.busyMode === "queue" ? "steer" : "queue" })),
		reasoning: () => store.update((state) => ({ ...state, showReasoning: !state.showReasoning })),
		output: () => store.update((state) => ({ ...state, showOutput: !state.showOutput })),
		account: () => void openAccount(chat, place.openInBrowser),
	};
	return {
		kind: "list",
		title: "Settings",
		empty: "",
		query: "",
		selected: 0,
		filter: false,
		items: settingItems,
		choose: (id) => change[id]?.(),
		actions: {},
	};
}

function settingItems(state: ChatState): readonly PanelItem[] {
	const { status } = state;
	const items: PanelItem[] = [
		{ id: "model", label: "Model", note: chosenModel(state) },
		{ id: "mode", label: "Without asking", note: `${chosenMode(state)}: ${modeNotes[chosenMode(state)]}` },
		{ id: "busy", label: "Enter while it works", note: state.busyMode === "queue" ? "queue: after this turn" : "steer: at its next step" },
		{ id: "reasoning", label: "Reasoning", note: state.showReasoning ? "shown" : "one line" },
		{ id: "output", label: "Output of tools", note: state.showOutput ? "whole" : "the end" },
		{ id: "account", label: "Account", note: `${state.account ?? "…"} · Enter opens it in the browser` },
	];
	if (status === null) {
		return items;
	}
	const share = `${Math.round(status.memoryBytes.used / 1_048_576)} of ${Math.round(status.memoryBytes.limit / 1_048_576)} MB`;
	return [
		...items,
		{ id: "daemon", label: "Daemon", note: `${status.address} · ${status.build} · ${share}` },
		{
			id: "reach",
			label: "Models",
			note: `${status.model.address ?? "no address"} · ${status.model.reachable ? "answers" : (status.model.problem ?? "does not answer")}`,
		},
		{ id: "local", label: "Local only", note: status.model.localOnly ? "on: nothing leaves this computer and the host" : "off" },
		{ id: "sandbox", label: "Sandbox of commands", note: status.sandbox.note ?? status.sandbox.kind },
	];
}

async function openAccount(chat: Chat, openInBrowser: (url: string) => Promise<string | null>): Promise<void> {
	const config = await chat.client()?.readConfig();
	const origin = config?.ok === true ? accountsOrigin(config.value.config) : null;
	if (origin === null) {
		chat.store.update((state) => ({ ...state, hint: "The address of the accounts site could not be read from the configuration." }));
		return;
	}
	const failure = await openInBrowser(origin);
	const hint = failure === null ? `Opened ${origin} in the browser.` : `Open ${origin} yourself: ${failure}`;
	chat.store.update((state) => ({ ...state, hint }));
}

/** `accounts.origin` of the configuration; null where it is no address. */
function accountsOrigin({ accounts }: Readonly<Record<string, unknown>>): string | null {
	const origin = typeof accounts === "object" && accounts !== null && "origin" in accounts ? accounts.origin : null;
	return typeof origin === "string" && URL.canParse(origin) ? origin : null;
}

/** Goes to the next permission mode. */
export async function nextMode(chat: Chat): Promise<void> {
	const now = permissionModes.indexOf(chosenMode(chat.store.get()));
	const mode = permissionModes[(now + 1) % permissionModes.length] ?? "ask";
	await setMode(chat, mode);
}

/** Sets what the session may do without asking. */
export async function setMode(chat: Chat, mode: PermissionMode): Promise<void> {
	if (await changeSession(chat, { mode }, "The mode was not changed")) {
		chat.store.update((state) => ({ ...state, mode, hint: `${mode}: ${modeNotes[mode]}` }));
	}
}
