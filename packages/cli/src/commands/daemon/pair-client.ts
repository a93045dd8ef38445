import { connectDaemon } from "../../daemon/connect-daemon.ts";
import { unwrapAnswer } from "../../daemon/unwrap-answer.ts";
import type { CommandRun } from "../../program/command-spec.ts";
import { formatAge } from "../../terminal/format-quantity.ts";
import { tableLines } from "../../terminal/text-table.ts";

/** Shows a code to pair with, lists paired clients, or takes the access of one away. */
export const runPair: CommandRun = async ({ context, flags }) => {
	const { output } = context;
	const { client, baseUrl } = await connectDaemon(context);
	const isJson = flags.isSet("json");
	const revoked = flags.text("revoke");
	if (revoked !== undefined) {
		unwrapAnswer(await client.revokeClient(revoked));
		if (isJson) {
			output.json({ revoked });
		} else {
			output.line(`${revoked} has no access any more.`);
		}
		return "ok";
	}
	if (flags.isSet("list")) {
		const list = unwrapAnswer(await client.listClients());
		if (isJson) {
			output.json(list);
			return "ok";
		}
		if (list.clients.length === 0) {
			output.note("No client is paired.");
		}
		const now = Date.now();
		const rows = list.clients.map(({ clientId, name, origin, lastSeenAt }) => [
			clientId,
			name,
			origin ?? "",
			lastSeenAt === null ? "never seen" : `seen ${formatAge(lastSeenAt, now)}`,
		]);
		tableLines(rows).forEach(output.line);
		return "ok";
	}
	const code = unwrapAnswer(await client.createPairCode());
	if (isJson) {
		output.json({ ...code, address: baseUrl });
	} else {
		output.line(code.code);
		output.note(
			`Type this code in the app, which connects to ${baseUrl}. It is good until ${new Date(code.expiresAt).toLocaleTimeString()}.`,
		);
	}
	return "ok";
};
