import { homedir } from "node:os";
import { actualModel, type ChatState, chosenMode, chosenModel, runningTurn } from "../chat/chat-state.ts";
import { plainLine } from "../text/plain-text.ts";
import { countText, durationText } from "../text/quantity.ts";
import { columnsOf, padText, truncateText } from "../text/wrap.ts";
import type { Screen } from "./draw-state.ts";

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const stages: Readonly<Record<string, string>> = {
	connecting: "Connecting to the model",
	loading_model: "Loading the model",
	queued: "Waiting for the model",
	reading_prompt: "Reading",
	compacting: "Summarising older messages",
	retrying: "Trying again",
};

/** What happens now, in one line with what waits behind it; nothing while nothing happens. */
export function drawActivity(state: ChatState, { columns, style, nowMs }: Screen): string[] {
	const turn = runningTurn(state);
	const queued = state.view.turns.filter((candidate) => candidate.state === "queued");
	const waiting = queued.map((candidate) => style.dim(truncateText(`  + ${plainLine(candidate.content)}`, columns)));
	if (turn === undefined && !state.sending) {
		return waiting;
	}
	if (turn?.state === "waiting") {
		return [...waiting, ...(waiting.length > 0 ? [""] : [])];
	}
	const elapsedMs = turn === undefined ? 0 : Math.max(0, nowMs - Date.parse(turn.queuedAt));
	const sign = spinner[Math.floor(nowMs / 100) % spinner.length] ?? "";
	const what = turn === undefined ? "Sending" : activity(state);
	const facts = [...(elapsedMs >= 1000 ? [durationText(Math.floor(elapsedMs / 1000) * 1000).replace(".0", "")] : []), "Esc stops"].join(
		" · ",
	);
	return [`${style.accent(sign)} ${truncateText(what, columns - 2 - columnsOf(facts) - 3)}${style.dim(`   ${facts}`)}`, ...waiting, ""];
}

function activity({ view }: ChatState): string {
	if (view.progress !== null) {
		const { stage, fraction, message } = view.progress;
		const share = fraction === null ? "" : ` ${Math.round(fraction * 100)} %`;
		return `${message === null ? (stages[stage] ?? "Working") : plainLine(message)}${share}`;
	}
	const running = Object.values(view.runs).filter((run) => run.state === "running");
	if (running.length > 0) {
		return running.length === 1 ? "Running a tool" : `Running ${countText(running.length, "tool")}`;
	}
	return view.live === null ? "Thinking" : view.live.text.text === "" ? "Thinking" : "Writing";
}

/** The line below the prompt: where, with which model, what may happen unasked; or a hint, or what is wrong with the connection. */
export function drawStatus(state: ChatState, { columns, style }: Screen): string {
	const { connection } = state;
	if (connection.state === "failed" || connection.state === "lost") {
		const what = connection.state === "failed" ? "No daemon" : "Connection lost, trying again";
		return style.warning(truncateText(`  ${what}${connection.problem === null ? "" : `: ${plainLine(connection.problem)}`}`, columns));
	}
	if (state.hint !== null) {
		return style.dim(truncateText(`  ${plainLine(state.hint)}`, columns));
	}
	const left = connection.state === "starting" ? "starting…" : connection.state === "connecting" ? "connecting…" : place(state);
	const others = state.waiting.filter((asked) => asked.sessionId !== state.sessionId).length;
	const right = [
		...(others > 0 ? [`${others} waiting elsewhere (Ctrl-X)`] : []),
		state.busyMode === "steer" ? "Enter steers" : "",
		modelName(state),
		chosenMode(state),
	]
		.filter((part) => part !== "")
		.join(" · ");
	const room = columns - 2 - columnsOf(right) - 2;
	return style.dim(room < 8 ? truncateText(`  ${right}`, columns) : `  ${padText(truncateText(left, room), room)}${right}`);
}

function place(state: ChatState): string {
	const workspace = state.view.info?.metadata.workspace ?? state.workspace;
	const home = homedir();
	const folder = workspace.startsWith(`${home}/`) ? `~${workspace.slice(home.length)}` : workspace;
	const title = plainLine(state.view.info?.title ?? "");
	return title === "" ? folder : `${folder} · ${title}`;
}

function modelName(state: ChatState): string {
	const chosen = chosenModel(state);
	const actual = actualModel(state);
	const last = Object.values(state.view.providers).at(-1)?.model;
	const name = chosen === "auto" ? (last ?? actual?.id ?? chosen) : chosen;
	return actual?.provider === "anthropic" ? `${name} (Anthropic)` : name;
}
