import { build } from "@opta/contracts/build";
import type { SessionSnapshot } from "@opta/contracts/schema/daemon-session";
import type { Output } from "../../terminal/output.ts";
import type { TurnEvent } from "./follow-turn.ts";
import type { TurnResult } from "./turn-result.ts";

/** Tells somebody what a turn does. */
export interface TurnReporter {
	begin(session: SessionSnapshot, turnId: string): void;
	event(event: TurnEvent): void;
	end(result: TurnResult): void;
}

/** One document at the end. */
export function jsonReporter(output: Output): TurnReporter {
	return { begin: () => undefined, event: () => undefined, end: (result) => output.json(result) };
}

/** A line for everything: `init`, `message`, `tool_use`, `tool_result`, `permission`, `error`, `result`; `delta` where wanted. */
export function streamReporter(output: Output, wantsPartial: boolean): TurnReporter {
	return {
		begin({ id, metadata }, turnId) {
			const { workspace, model, mode } = metadata;
			output.jsonLine({ type: "init", sessionId: id, turnId, workspace, model, mode, build });
		},
		event({ type, data }) {
			switch (type) {
				case "turn.message":
					output.jsonLine({ type: "message", message: data.message });
					return;
				case "turn.token":
					if (wantsPartial) {
						output.jsonLine({ type: "delta", channel: data.channel, text: data.text });
					}
					return;
				case "tool.start":
					output.jsonLine({ type: "tool_use", callId: data.callId, name: data.name, arguments: data.arguments, title: data.title });
					return;
				case "tool.result": {
					const { callId, name, ok, output: text, truncated, durationMs, diff } = data;
					output.jsonLine({ type: "tool_result", callId, name, ok, output: text, truncated, durationMs, ...(diff && { diff }) });
					return;
				}
				case "permission.request": {
					const { id, tool, title, detail, expiresAt } = data.permission;
					output.jsonLine({ type: "permission", state: "asked", permissionId: id, tool, title, detail, expiresAt });
					return;
				}
				case "permission.resolved": {
					const { permissionId, decision, scope, by, cause } = data;
					output.jsonLine({ type: "permission", state: "resolved", permissionId, decision, scope, by, cause });
					return;
				}
				case "turn.error":
					output.jsonLine({ type: "error", code: data.code, message: data.message });
					return;
				default:
					return;
			}
		},
		end: (result) => output.jsonLine({ type: "result", ...result }),
	};
}

/** The answer on stdout (as it is written, on a terminal), tools and waiting on stderr. */
export function textReporter(output: Output): TurnReporter {
	let written = "";
	const endLine = (): void => {
		if (written !== "" && !written.endsWith("\n")) {
			output.line("");
		}
		written = "";
	};
	return {
		begin: () => undefined,
		event(event) {
			switch (event.type) {
				case "turn.progress":
					output.progress(event.data.message ?? event.data.stage.replaceAll("_", " "));
					return;
				case "turn.token":
					if (output.isTerminal && event.data.channel === "text") {
						written += event.data.text;
						output.write(event.data.text);
					}
					return;
				case "turn.message":
					endLine();
					return;
				case "tool.start":
					endLine();
					output.note(`· ${event.data.title}`);
					return;
				case "tool.result":
					if (!event.data.ok) {
						output.note(`  failed: ${event.data.output.split("\n", 1)[0] ?? ""}`);
					}
					return;
				default:
					return;
			}
		},
		end(result) {
			output.progress(null);
			endLine();
			if (!output.isTerminal && result.text !== "") {
				output.line(result.text);
			}
			if (result.provider === "anthropic") {
				output.note(`Answered by Anthropic (${result.model ?? "cloud"}).`);
			}
			if (result.error !== null) {
				output.note(result.error.message);
			}
			for (const { title } of result.denied) {
				output.note(`not allowed: ${title}`);
			}
			if (result.reason === "length" || result.reason === "step_limit") {
				output.note(`The limit was reached before the end. Go on with: opta do --session ${result.sessionId} "go on"`);
			} else if (result.reason === "timed_out") {
				output.note(`The time was over. Go on with: opta do --session ${result.sessionId} "go on"`);
			} else if (result.reason === "cancelled") {
				output.note("Cancelled.");
			}
		},
	};
}
