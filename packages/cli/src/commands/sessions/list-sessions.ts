import type { SessionList } from "@opta/contracts/schema/daemon-session";
import { connectDaemon } from "../../daemon/connect-daemon.ts";
import { unwrapAnswer } from "../../daemon/unwrap-answer.ts";
import type { CommandCall, CommandRun, ExitName } from "../../program/command-spec.ts";
import { formatAge } from "../../terminal/format-quantity.ts";
import { tableLines } from "../../terminal/text-table.ts";

/** Enough to tell sessions apart, which begin with their time. */
const shownIdLength = 13;

interface ListQuery {
	readonly query?: string;
	readonly workspace?: string;
	readonly trashed?: boolean;
}

function stateOf({ running, waiting, metadata }: SessionList["sessions"][number]): string {
	if (metadata.trashedAt !== null) {
		return "trashed";
	}
	if (waiting) {
		return "waiting";
	}
	return running ? "running" : "";
}

async function printSessions(call: CommandCall, query: ListQuery, none: string): Promise<ExitName> {
	const { context, flags } = call;
	const { output } = context;
	const { client } = await connectDaemon(context);
	const limit = flags.number("limit");
	const list = unwrapAnswer(await client.listSessions({ ...query, ...(limit === undefined ? {} : { limit }) }));
	if (flags.isSet("json")) {
		output.json(list);
		return "ok";
	}
	if (list.sessions.length === 0) {
		output.note(none);
		return "ok";
	}
	const now = Date.now();
	const rows = list.sessions.map((session) => [
		session.id.slice(0, shownIdLength),
		formatAge(session.metadata.updatedAt, now),
		stateOf(session),
		`${session.title}${session.excerpt === undefined ? "" : output.paint("dim", `  … ${session.excerpt}`)}`,
	]);
	for (const line of tableLines(rows)) {
		output.line(line);
	}
	if (list.nextCursor !== null) {
		output.note("There are more. Ask for them with --limit.");
	}
	return "ok";
}

/** Lists sessions of this folder, or of all. */
export const runListSessions: CommandRun = (call) => {
	const trashed = call.flags.isSet("trashed");
	const isEverywhere = call.flags.isSet("all") || trashed;
	const query = { trashed, ...(isEverywhere ? {} : { workspace: call.context.folder }) };
	const none = trashed ? "The trash is empty." : "There are no sessions here yet. Begin one: opta chat. Those of other folders: --all";
	return printSessions(call, query, none);
};

/** Finds sessions by words. */
export const runSearchSessions: CommandRun = (call) =>
	printSessions(call, { query: call.args.join(" ") }, "No session has these words in it.");
