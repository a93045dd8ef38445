import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import { configKeys, readSettingText } from "@opta/daemon/config/config-keys";
import { loadConfig } from "@opta/daemon/config/load-config";
import type { CliContext } from "../program/cli-context.ts";
import { CommandFailure } from "../program/command-failure.ts";

/** Settings of `--set` as the configuration takes them. */
export function readSettings(settings: Readonly<Record<string, string>>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(settings).map(([name, text]) => [name, readSettingText(configKeys().get(name), text)]));
}

/**
 * The configuration that holds here: flags, environment, project, user. Notices go to stderr.
 * @throws {CommandFailure} `configuration`, with file and line of the first mistake.
 */
export async function loadCliConfig(context: CliContext): Promise<OptaConfig> {
	const { home, environment, folder, settings, output } = context;
	const loaded = await loadConfig({ home, environment, workspace: folder, flags: readSettings(settings) });
	if (!loaded.ok) {
		throw new CommandFailure("configuration", loaded.message);
	}
	for (const notice of loaded.notices) {
		output.note(notice);
	}
	return loaded.config;
}
