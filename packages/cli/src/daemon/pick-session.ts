import type { SessionSnapshot } from "@opta/contracts/schema/daemon-session";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import { CommandFailure } from "../program/command-failure.ts";
import { unwrapAnswer } from "./unwrap-answer.ts";

const shortestPrefix = 4;
const looksWholeAt = 36;
const searched = 200;

/**
 * The id of the session that a person means: its id, the beginning or end of one that is unmistakable, or `last` for the one
 * used last in this folder.
 * @throws {CommandFailure} when there is none, or several.
 */
export async function pickSessionId(client: DaemonClient, wanted: string, workspace: string, trashed = false): Promise<string> {
	if (wanted.length >= looksWholeAt) {
		return wanted;
	}
	if (wanted === "last") {
		const { sessions } = unwrapAnswer(await client.listSessions({ workspace, trashed, limit: 1 }));
		if (sessions[0] === undefined) {
			throw new CommandFailure("failed", `There is no session in ${workspace} yet. Begin one: opta chat`);
		}
		return sessions[0].id;
	}
	if (wanted.length < shortestPrefix) {
		throw new CommandFailure("usage", `"${wanted}" is too short to mean one session. See them: opta sessions list`);
	}
	const { sessions } = unwrapAnswer(await client.listSessions({ trashed, limit: searched }));
	const found = sessions.filter(({ id }) => id.startsWith(wanted) || id.endsWith(wanted));
	if (found.length !== 1 || found[0] === undefined) {
		const many = `"${wanted}" is part of ${found.length} sessions. Write more of it.`;
		throw new CommandFailure("failed", found.length === 0 ? `There is no session ${wanted}. See them: opta sessions list` : many);
	}
	return found[0].id;
}

/** The session that a person means, whole. @throws {CommandFailure} */
export async function pickSession(client: DaemonClient, wanted: string, workspace: string): Promise<SessionSnapshot> {
	return unwrapAnswer(await client.readSession(await pickSessionId(client, wanted, workspace)));
}
