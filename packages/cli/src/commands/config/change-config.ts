import { adminKeyAccount } from "@opta/daemon/config/admin-key";
import { configKeys, readSettingText } from "@opta/daemon/config/config-keys";
import { setConfigValue } from "@opta/daemon/config/set-config-value";
import { requireSettingName } from "../../config/setting-values.ts";
import type { CliContext } from "../../program/cli-context.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandRun, ExitName } from "../../program/command-spec.ts";
import { askSecret } from "../../terminal/ask-secret.ts";

async function change({ home, output }: CliContext, name: string, value: unknown): Promise<ExitName> {
	requireSettingName(name);
	const changed = await setConfigValue(home, name, value);
	if (!changed.ok) {
		throw new CommandFailure("configuration", changed.message);
	}
	output.note(`${name}: ${value === undefined ? "taken back" : "written"} in ${changed.place}`);
	return "ok";
}

async function readValue({ input, signal }: CliContext, name: string, given: string | undefined): Promise<string> {
	if (name === adminKeyAccount && given !== undefined) {
		throw new CommandFailure(
			"usage",
			"A key on the command line stays in the history of the shell. Leave it out to be asked for it, or pipe it in.",
		);
	}
	const text = given ?? (input.isTerminal ? await askSecret(`${name}: `, signal) : (await input.readAll()).trim());
	if (given === undefined && text === "") {
		throw new CommandFailure("usage", `${name}: there is no value. To take a setting back: opta config unset ${name}`);
	}
	return text;
}

/** Changes a setting of the user. */
export const runSet: CommandRun = async ({ context, args }) => {
	const [name = "", given] = args;
	requireSettingName(name);
	return change(context, name, readSettingText(configKeys().get(name), await readValue(context, name, given)));
};

/** Takes a setting back, so that the default holds. */
export const runUnset: CommandRun = ({ context, args }) => change(context, args[0] ?? "", undefined);
