import type { StreamEvent } from "@opta/contracts/schema/daemon-events";
import type { SessionSnapshot } from "@opta/contracts/schema/daemon-session";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import type { CliContext } from "../../program/cli-context.ts";
import type { ExitName } from "../../program/command-spec.ts";
import type { Output } from "../../terminal/output.ts";

/** How a session is printed. */
export interface PrintOptions {
	readonly asJson: boolean;
	/** Ends when nothing runs or waits; else at Ctrl-C. */
	readonly untilIdle: boolean;
}

function printEvent(output: Output, event: StreamEvent): void {
	switch (event.type) {
		case "turn.started":
			if (event.data.provider === "anthropic") {
				output.line(output.paint("yellow", `Answered by Anthropic (${event.data.model}).`));
			}
			return;
		case "turn.message": {
			const { role, content, model } = event.data.message;
			if (role !== "tool" && content !== "") {
				output.line(`${output.paint("bold", role === "assistant" ? (model ?? role) : role)}: ${content}`);
			}
			return;
		}
		case "tool.start":
			output.line(output.paint("dim", `· ${event.data.title}`));
			return;
		case "tool.result":
			if (!event.data.ok) {
				output.line(output.paint("red", `  failed: ${event.data.output.split("\n", 1)[0] ?? ""}`));
			}
			return;
		case "permission.request":
			output.line(output.paint("yellow", `? ${event.data.permission.title}`));
			return;
		case "permission.resolved":
			output.line(`  ${event.data.decision === "allow" ? "allowed" : "denied"} by ${event.data.by}`);
			return;
		case "turn.error":
			output.line(output.paint("red", event.data.message));
			return;
		default:
			return;
	}
}

/** Prints a session's events as they come. */
export async function printSession(
	{ output, signal }: CliContext,
	client: DaemonClient,
	sessionId: string,
	{ asJson, untilIdle }: PrintOptions,
): Promise<ExitName> {
	const leave = new AbortController();
	const open = new Set<string>();
	const leaveIfIdle = (): void => {
		if (untilIdle && open.size === 0) {
			leave.abort();
		}
	};
	const onSnapshot = (session: SessionSnapshot): void => {
		open.clear();
		for (const { turnId } of session.turns) {
			open.add(turnId);
		}
		if (asJson) {
			output.jsonLine({ type: "session.snapshot", session });
		} else {
			output.note(`${session.title} (${session.id}), ${session.messages.length} messages`);
		}
		leaveIfIdle();
	};
	const onEvent = (event: StreamEvent): void => {
		if (asJson) {
			output.jsonLine(event);
		} else {
			printEvent(output, event);
		}
		if (event.type === "turn.queued") {
			open.add(event.data.turnId);
		} else if (event.type === "turn.done" || event.type === "turn.error") {
			open.delete(event.data.turnId);
			leaveIfIdle();
		}
	};
	const onConnection = (state: string, problem: string | null): void => {
		if (state === "lost") {
			output.note(`The connection is lost, trying again …${problem === null ? "" : ` (${problem})`}`);
		}
	};
	await client.followSession(sessionId, { onSnapshot, onEvent, onConnection }, AbortSignal.any([leave.signal, signal]));
	return leave.signal.aborted ? "ok" : "interrupted";
}
