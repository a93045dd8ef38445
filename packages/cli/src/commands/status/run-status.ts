import type { ReachStatus } from "@opta/contracts/schema/daemon-status";
import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import { openAccountStore } from "@opta/daemon/account/account-store";
import { readAdminKey } from "@opta/daemon/config/admin-key";
import { findLmx } from "@opta/daemon/discovery/find-lmx";
import { loadCliConfig } from "../../config/load-cli-config.ts";
import { connectRunningDaemon } from "../../daemon/connect-daemon.ts";
import { createLmxAdmin } from "../../lmx/lmx-admin.ts";
import { preflight } from "../../lmx/preflight.ts";
import type { CommandRun } from "../../program/command-spec.ts";
import { tableLines } from "../../terminal/text-table.ts";
import { describeLink } from "../reach/describe-reach.ts";

function describeShortly(reach: ReachStatus | null, config: OptaConfig): string {
	if (reach === null || reach.host === null) {
		return config.reach.host === null ? "off" : "joined while the daemon runs";
	}
	return `${reach.host.name ?? reach.host.id}: ${describeLink(reach.link, Date.now())}`;
}

/** Who is signed in on this computer, and what is wrong with the sign-in; both null where nobody is. */
async function readAccount(home: string): Promise<{ readonly userId: string | null; readonly problem: string | null }> {
	const store = await openAccountStore(home);
	try {
		return { userId: (await store.read())?.userId ?? null, problem: null };
	} catch (error) {
		return { userId: null, problem: error instanceof Error ? error.message : String(error) };
	}
}

/** Prints how things are. Ends with `unreachable` where the host cannot be used: no task could be done. */
export const runStatus: CommandRun = async ({ context, flags }) => {
	const { output, home, signal } = context;
	const config = await loadCliConfig(context);
	const [daemon, place, key, account] = await Promise.all([
		connectRunningDaemon(context),
		findLmx(config),
		readAdminKey(config, home),
		readAccount(home),
	]);
	const [host, status] = await Promise.all([
		preflight(createLmxAdmin(place, config, key, signal), place.source, key !== null),
		daemon === null ? null : daemon.client.status(),
	]);
	const { sessions, reach } = status?.ok === true ? status.value : { sessions: null, reach: null };
	if (flags.isSet("json")) {
		output.json({
			daemon: daemon === null ? { running: false } : { running: true, address: daemon.baseUrl, build: daemon.state.build, sessions },
			host,
			reach,
			account: { signedIn: account.userId !== null, ...account },
		});
	} else {
		const ready = host.models.filter(({ state }) => state === "ready").map(({ id }) => id);
		const loaded = ready.length === 0 ? "none loaded" : ready.join(", ");
		const rows = [
			["daemon", daemon === null ? "not running; commands start it" : `${daemon.baseUrl}, build ${daemon.state.build}`],
			...(sessions === null ? [] : [["sessions", `${sessions.total}; ${sessions.running} running, ${sessions.waiting} waiting`]]),
			["host", host.usable ? `${host.address}, LMX ${host.build}, ${host.latencyMs} ms` : `${host.address}: ${host.problem}`],
			["models", `${host.models.length} (${loaded})`],
			["reach", describeShortly(reach, config)],
			["account", account.problem ?? (account.userId === null ? "not signed in" : `signed in (${account.userId})`)],
		];
		tableLines(rows).forEach(output.line);
	}
	return host.usable ? "ok" : "unreachable";
};
