import { build } from "@opta/contracts/build";
import { compareBuilds } from "@opta/daemon/lifecycle/compare-builds";
import { parseJson } from "@opta/host-client/host-error";
import { z } from "zod";
import { loadCliConfig } from "../../config/load-cli-config.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandRun } from "../../program/command-spec.ts";

const registry = "https://registry.npmjs.org";
const timeoutMs = 5000;
const latestSchema = z.object({ version: z.string() });

async function readLatest(origin: string, signal: AbortSignal): Promise<string> {
	try {
		const response = await fetch(`${origin}/opta-cli/latest`, { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) });
		const parsed = latestSchema.safeParse(parseJson(await response.text()));
		if (response.ok && parsed.success) {
			return parsed.data.version;
		}
	} catch (error) {
		throw new CommandFailure(signal.aborted ? "interrupted" : "unreachable", `${origin} cannot be reached.`, { cause: error });
	}
	throw new CommandFailure("failed", `${origin} knows no opta-cli.`);
}

/** Says whether there is a newer version, and how to get it. */
export const runUpdate: CommandRun = async ({ context, flags }) => {
	const { output, environment, signal } = context;
	const config = await loadCliConfig(context);
	if (!config.updates.check) {
		throw new CommandFailure("failed", "Looking for updates is off. Allow it: opta config set updates.check true");
	}
	const latest = await readLatest(environment.npm_config_registry?.replace(/\/$/, "") || registry, signal);
	const isNewer = compareBuilds(latest, build) > 0;
	if (flags.isSet("json")) {
		output.json({ build, latest, newer: isNewer });
	} else {
		output.line(
			isNewer ? `There is opta ${latest}; this is ${build}. Install it: npm install --global opta-cli` : `opta ${build} is the newest.`,
		);
	}
	return "ok";
};
