import { once } from "node:events";
import { done } from "../sessions/outcome.ts";
import type { SessionJournal } from "../sessions/session-journal.ts";
import { sessionInfo } from "../sessions/session-state.ts";
import type { TurnRunner } from "./turn-runner.ts";

/** Longest that a title may take. */
const limitMs = 120_000;
const maxChars = 120;

/** Lets the model name a session after its first turn, unless a person has or does meanwhile. */
export async function titleSession(
	journal: Pick<SessionJournal, "commit" | "state">,
	runner: Pick<TurnRunner, "title">,
	signal: AbortSignal,
): Promise<void> {
	const { file } = journal.state;
	if (file.metadata.named || file.messages.filter(({ role }) => role === "user").length !== 1) {
		return;
	}
	const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
	const given = await Promise.race([runner.title(file, limit), once(limit, "abort").then(() => null)]);
	const title = given?.replace(/\s+/g, " ").trim().slice(0, maxChars) ?? "";
	if (title === "" || signal.aborted) {
		return;
	}
	await journal.commit(({ state }) =>
		done(state.file.metadata.named ? [] : [{ event: { type: "session.updated", data: { session: { ...sessionInfo(state), title } } } }]),
	);
}
