import { defaultPorts } from "@opta/contracts/ports";
import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import { readAdminKey } from "@opta/daemon/config/admin-key";
import { setConfigValue } from "@opta/daemon/config/set-config-value";
import type { LmxPlace } from "@opta/daemon/discovery/find-lmx";
import { browseLmx } from "@opta/host-client/discovery/browse-lmx";
import { loadCliConfig } from "../../config/load-cli-config.ts";
import { createLmxAdmin } from "../../lmx/lmx-admin.ts";
import { type Preflight, preflight } from "../../lmx/preflight.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandCall, CommandRun } from "../../program/command-spec.ts";
import type { Output } from "../../terminal/output.ts";
import { parseAddress } from "./parse-address.ts";

interface Candidate {
	readonly host: string;
	readonly port: number;
	readonly source: Preflight["source"];
}

const usualBrowseMs = 2000;
const sourceNames: Readonly<Record<Preflight["source"], string>> = {
	argument: "given",
	configuration: "configured",
	network: "found on the network",
	loopback: "this computer",
};

async function findCandidates({ context, args, flags }: CommandCall, { connection }: OptaConfig): Promise<Candidate[]> {
	if (args[0] !== undefined) {
		return [{ ...parseAddress(args[0]), source: "argument" }];
	}
	const candidates: Candidate[] = [];
	if (connection.host !== undefined) {
		candidates.push({ host: connection.host, port: connection.port ?? defaultPorts.lmx, source: "configuration" });
	}
	context.output.progress("asking the local network …");
	const found = await browseLmx({ timeoutMs: flags.number("timeout") ?? usualBrowseMs, signal: context.signal });
	context.output.progress(null);
	candidates.push(...found.map(({ host, port }) => ({ host, port, source: "network" as const })));
	candidates.push({ host: "127.0.0.1", port: defaultPorts.lmx, source: "loopback" });
	return candidates.filter((one, index) => candidates.findIndex(({ host, port }) => host === one.host && port === one.port) === index);
}

function printReport(output: Output, { address, source, reachable, latencyMs, build, models, adminKey, usable, problem }: Preflight): void {
	const mark = usable ? output.paint("green", "✓") : output.paint("red", "✗");
	output.line(`${mark} ${address} (${sourceNames[source]})`);
	if (reachable && latencyMs !== null) {
		output.line(`  LMX ${build ?? "of an unknown build"}, answers in ${latencyMs} ms`);
		const key = {
			not_needed: "not needed",
			accepted: "accepted",
			needed: "needed: opta config set connection.adminKey",
			unknown: "unknown",
		};
		output.line(`  admin key: ${key[adminKey]}`);
	}
	for (const { id, state, contextTokens } of models) {
		output.line(`  ${id}  ${state === "unloaded" ? "on disk" : state}${contextTokens === null ? "" : `, ${contextTokens} tokens`}`);
	}
	if (problem !== null) {
		output.line(`  ${problem}`);
	}
}

async function save({ home, output }: CommandCall["context"], place: Candidate): Promise<void> {
	for (const [name, value] of [
		["connection.host", place.host],
		["connection.port", place.port],
	] as const) {
		const changed = await setConfigValue(home, name, value);
		if (!changed.ok) {
			throw new CommandFailure("configuration", changed.message);
		}
	}
	output.note(`${place.host}:${place.port} is now the configured host.`);
}

/** Looks for hosts and reports what they are. */
export const runConnect: CommandRun = async (call) => {
	const { context, flags } = call;
	const { output, home, signal } = context;
	const config = await loadCliConfig(context);
	const key = await readAdminKey(config, home);
	const candidates = await findCandidates(call, config);
	const reports = await Promise.all(
		candidates.map(({ source, ...at }) => {
			// A key belongs to the configured host; strangers do not get it.
			const isOurs =
				source === "configuration" || (at.host === config.connection.host && at.port === (config.connection.port ?? defaultPorts.lmx));
			const place: LmxPlace = { ...at, source: source === "argument" ? "configuration" : source };
			return preflight(createLmxAdmin(place, config, isOurs ? key : null, signal), source, isOurs && key !== null);
		}),
	);
	const best = reports.findIndex(({ usable }) => usable);
	const chosen = candidates[best];
	if (flags.isSet("json")) {
		output.json({ hosts: reports, usable: reports[best]?.address ?? null });
	} else {
		for (const report of reports) {
			printReport(output, report);
		}
	}
	if (chosen === undefined) {
		return reports.some(({ reachable }) => reachable) ? "failed" : "unreachable";
	}
	if (flags.isSet("save")) {
		await save(context, chosen);
	}
	return "ok";
};
