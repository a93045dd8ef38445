import { connectDaemon } from "../../daemon/connect-daemon.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandCall, CommandRun } from "../../program/command-spec.ts";
import { askOneByOne } from "../../terminal/ask-line.ts";
import { parseAllowRule } from "./allow-rules.ts";
import { answerPermission, type PermissionAnswering } from "./answer-permissions.ts";
import { exitOfResult } from "./exit-of-result.ts";
import { followTurn, type TurnEvent } from "./follow-turn.ts";
import { openSession } from "./open-session.ts";
import { hasPipedInput, readTask } from "./task-input.ts";
import { jsonReporter, streamReporter, type TurnReporter, textReporter } from "./turn-reporter.ts";
import { addToResult, createResult, endResult } from "./turn-result.ts";

function chooseReporter({ context: { output }, flags }: CommandCall): TurnReporter {
	if (flags.isSet("json") && flags.isSet("streamJson")) {
		throw new CommandFailure("usage", "Choose one of --json and --stream-json.");
	}
	if (flags.isSet("streamJson")) {
		return streamReporter(output, flags.isSet("partial"));
	}
	return flags.isSet("json") ? jsonReporter(output) : textReporter(output);
}

/** Lets the agent do one task. */
export const runDo: CommandRun = async (call) => {
	const { context, args, flags } = call;
	const { output, input, signal } = context;
	const reporter = chooseReporter(call);
	const rules = flags.list("allow").map(parseAllowRule);
	const mayReadInput = flags.isSet("stdin") && hasPipedInput(0);
	const task = await readTask(args, input, mayReadInput);
	const { client } = await connectDaemon(context);
	const session = await openSession(client, call);
	const isMachineRead = flags.isSet("json") || flags.isSet("streamJson");
	const answering: PermissionAnswering = {
		client,
		output,
		rules,
		ask: input.isTerminal && !isMachineRead ? askOneByOne() : null,
		leaveToOthers: flags.isSet("waitForApproval"),
	};
	const result = createResult(session.id);
	const asked = new Map<string, { tool: string; title: string }>();
	const over = new AbortController();
	const questions = new Map<string, AbortController>();
	let problem: unknown = null;

	const timeoutMs = flags.number("timeout");
	const limit = timeoutMs === undefined ? null : AbortSignal.timeout(timeoutMs);
	const cancel = (): void => {
		void client.cancel(session.id, result.turnId ?? undefined).then((answer) => {
			if (!answer.ok) {
				output.note(answer.error.message);
			}
		});
	};
	const onEvent = (event: TurnEvent): void => {
		addToResult(result, event, asked);
		if (event.type === "permission.request") {
			const question = new AbortController();
			questions.set(event.data.permission.id, question);
			answerPermission(event.data.permission, answering, AbortSignal.any([question.signal, over.signal])).catch((error: unknown) => {
				if (!question.signal.aborted && !over.signal.aborted) {
					problem = error;
					cancel();
				}
			});
		} else if (event.type === "permission.resolved") {
			questions.get(event.data.permissionId)?.abort();
		}
		reporter.event(event);
	};
	const onAccepted = ({ turnId }: { turnId: string }): void => {
		result.turnId = turnId;
		reporter.begin(session, turnId);
		for (const stop of limit === null ? [signal] : [signal, limit]) {
			if (stop.aborted) {
				cancel();
			}
			stop.addEventListener("abort", cancel, { once: true });
		}
	};
	const model = flags.text("session") === undefined ? undefined : flags.text("model");
	const body = {
		content: task.content,
		...(task.attachments.length > 0 && { attachments: [...task.attachments] }),
		...(model && { model }),
	};
	try {
		const end = await followTurn(client, session.id, body, {
			onAccepted,
			onEvent,
			onConnection: (state) => output.progress(state === "lost" ? "the connection to the daemon is lost, trying again …" : null),
		});
		endResult(result, end, limit?.aborted === true && !signal.aborted);
	} finally {
		over.abort();
	}
	if (problem !== null) {
		throw problem;
	}
	reporter.end(result);
	return exitOfResult(result);
};
