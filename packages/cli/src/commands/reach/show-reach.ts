import type { ReachStatus } from "@opta/contracts/schema/daemon-status";
import { loadCliConfig } from "../../config/load-cli-config.ts";
import { connectRunningDaemon } from "../../daemon/connect-daemon.ts";
import { unwrapAnswer } from "../../daemon/unwrap-answer.ts";
import type { CliContext } from "../../program/cli-context.ts";
import type { CommandRun } from "../../program/command-spec.ts";
import { tableLines } from "../../terminal/text-table.ts";
import { describeReach } from "./describe-reach.ts";

/** How reach is: of the daemon, or where none runs of the configuration. */
export async function readReach(context: CliContext): Promise<{ readonly daemonRuns: boolean; readonly reach: ReachStatus }> {
	const daemon = await connectRunningDaemon(context);
	if (daemon !== null) {
		return { daemonRuns: true, reach: unwrapAnswer(await daemon.client.status()).reach };
	}
	const { host, allow } = (await loadCliConfig(context)).reach;
	return {
		daemonRuns: false,
		reach: { host: host === null ? null : { id: host, name: null }, allow, link: { state: "off" }, lastUses: [] },
	};
}

/** Prints which host is joined and what is allowed. */
export const runReachStatus: CommandRun = async ({ context, flags }) => {
	const { output } = context;
	const { daemonRuns, reach } = await readReach(context);
	if (flags.isSet("json")) {
		output.json({ daemonRuns, ...reach });
		return "ok";
	}
	tableLines(describeReach(reach, Date.now())).forEach(output.line);
	if (!daemonRuns && reach.host !== null) {
		output.note("No daemon runs, so nobody is joined. Start it: opta daemon start");
	}
	return "ok";
};
