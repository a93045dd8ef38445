import type { PermissionMode } from "@opta/contracts/schema/daemon-permission";
import type { SessionSnapshot } from "@opta/contracts/schema/daemon-session";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import { pickSession } from "../../daemon/pick-session.ts";
import { sessionEnvironment } from "../../daemon/session-environment.ts";
import { unwrapAnswer } from "../../daemon/unwrap-answer.ts";
import type { CommandCall } from "../../program/command-spec.ts";

/** The session that the command line names, in the mode that it names; a new one in this folder otherwise. */
export async function openSession(client: DaemonClient, { context, flags }: CommandCall): Promise<SessionSnapshot> {
	const mode = flags.text("mode") as PermissionMode | undefined;
	const wanted = flags.text("session");
	if (wanted === undefined) {
		const model = flags.text("model") ?? context.settings.model;
		return unwrapAnswer(
			await client.createSession({
				workspace: context.folder,
				environment: sessionEnvironment(context.environment),
				...(model === undefined ? {} : { model }),
				...(mode === undefined ? {} : { mode }),
			}),
		);
	}
	const session = await pickSession(client, wanted, context.folder);
	return mode === undefined ? session : { ...session, ...unwrapAnswer(await client.updateSession(session.id, { mode })) };
}
