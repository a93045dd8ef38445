import type { PermissionAnswer } from "@opta/contracts/schema/daemon-permission";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import { unwrapAnswer } from "./unwrap-answer.ts";

/**
 * Answers a question of the agent. An answer that came too late is no failure: somebody else decided, and the stream says so.
 * @throws {CommandFailure} when the daemon did not take it, so that nobody waits for what will not come.
 */
export async function sendAnswer(client: Pick<DaemonClient, "answerPermission">, answer: PermissionAnswer): Promise<void> {
	const given = await client.answerPermission(answer);
	const isLate = !given.ok && (given.error.code === "conflict" || given.error.code === "not_found");
	if (!isLate) {
		unwrapAnswer(given);
	}
}
