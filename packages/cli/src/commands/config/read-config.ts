import { configKeys } from "@opta/daemon/config/config-keys";
import { homeFiles } from "@opta/daemon/platform/home-files";
import { loadCliConfig } from "../../config/load-cli-config.ts";
import { hiddenSecret, requireSettingName, valueAt } from "../../config/setting-values.ts";
import type { CliContext } from "../../program/cli-context.ts";
import type { CommandRun } from "../../program/command-spec.ts";

/** The configuration as it may be shown. */
async function loadShownConfig(context: CliContext): Promise<Record<string, unknown>> {
	const config = await loadCliConfig(context);
	const { adminKey, ...connection } = config.connection;
	return { ...config, connection: { ...connection, ...(adminKey !== undefined && { adminKey: hiddenSecret }) } };
}

/** Prints one setting. One that is not set prints nothing, with exit code 1. */
export const runGet: CommandRun = async ({ context, args, flags }) => {
	const { output } = context;
	const [name = ""] = args;
	requireSettingName(name);
	const value = valueAt(await loadShownConfig(context), name);
	if (flags.isSet("json")) {
		output.json({ name, value: value ?? null });
	} else if (value !== undefined) {
		output.line(typeof value === "string" ? value : JSON.stringify(value));
	}
	return value === undefined ? "failed" : "ok";
};

/** Prints all settings. */
export const runList: CommandRun = async ({ context, flags }) => {
	const { output } = context;
	const config = await loadShownConfig(context);
	if (flags.isSet("json")) {
		output.json(config);
		return "ok";
	}
	for (const name of [...configKeys().keys()].sort()) {
		const value = valueAt(config, name);
		if (value !== undefined) {
			output.line(`${name} = ${JSON.stringify(value)}`);
		}
	}
	return "ok";
};

/** Prints the path of the user's file. */
export const runPath: CommandRun = async ({ context }) => {
	context.output.line(homeFiles(context.home).config);
	return "ok";
};
