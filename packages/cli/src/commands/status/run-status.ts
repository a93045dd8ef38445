import { openAccountStore } from "@opta/daemon/account/account-store";
import { readAdminKey } from "@opta/daemon/config/admin-key";
import { findLmx } from "@opta/daemon/discovery/find-lmx";
import { loadCliConfig } from "../../config/load-cli-config.ts";
import { connectRunningDaemon } from "../../daemon/connect-daemon.ts";
import { createLmxAdmin } from "../../lmx/lmx-admin.ts";
import { preflight } from "../../lmx/preflight.ts";
import type { CommandRun } from "../../program/command-spec.ts";
import { tableLines } from "../../terminal/text-table.ts";

/** Prints how things are. Ends with `unreachable` where the host cannot be used: no task could be done. */
export const runStatus: CommandRun = async ({ context, flags }) => {
	const { output, home, signal } = context;
	const config = await loadCliConfig(context);
	const [daemon, place, key, credential] = await Promise.all([
		connectRunningDaemon(context),
		findLmx(config),
		readAdminKey(config, home),
		openAccountStore(home).then((store) => store.read().catch(() => null)),
	]);
	const [host, status] = await Promise.all([
		preflight(createLmxAdmin(place, config, key, signal), place.source, key !== null),
		daemon === null ? null : daemon.client.status(),
	]);
	const sessions = status?.ok === true ? status.value.sessions : null;
	if (flags.isSet("json")) {
		output.json({
			daemon: daemon === null ? { running: false } : { running: true, address: daemon.baseUrl, build: daemon.state.build, sessions },
			host,
			account: { signedIn: credential !== null, userId: credential?.userId ?? null },
		});
	} else {
		const ready = host.models.filter(({ state }) => state === "ready").map(({ id }) => id);
		const loaded = ready.length === 0 ? "none loaded" : ready.join(", ");
		const rows = [
			["daemon", daemon === null ? "not running; commands start it" : `${daemon.baseUrl}, build ${daemon.state.build}`],
			...(sessions === null ? [] : [["sessions", `${sessions.total}; ${sessions.running} running, ${sessions.waiting} waiting`]]),
			["host", host.usable ? `${host.address}, LMX ${host.build}, ${host.latencyMs} ms` : `${host.address}: ${host.problem}`],
			["models", `${host.models.length} (${loaded})`],
			["account", credential === null ? "not signed in" : `signed in (${credential.userId})`],
		];
		tableLines(rows).forEach(output.line);
	}
	return host.usable ? "ok" : "unreachable";
};
