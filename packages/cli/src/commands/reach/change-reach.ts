import { setConfigValues } from "@opta/daemon/config/set-config-value";
import type { CliContext } from "../../program/cli-context.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandRun } from "../../program/command-spec.ts";
import { parseGrants } from "./grants.ts";

/**
 * Writes settings of reach; a running daemon follows within a second.
 * @throws {CommandFailure} `configuration`
 */
export async function writeReach(
	{ home }: CliContext,
	values: { readonly host?: string | null; readonly allow?: readonly string[] },
): Promise<void> {
	const changed = await setConfigValues(home, Object.fromEntries(Object.entries(values).map(([name, value]) => [`reach.${name}`, value])));
	if (!changed.ok) {
		throw new CommandFailure("configuration", changed.message);
	}
}

/** Changes what may be done from elsewhere. */
export const runReachAllow: CommandRun = async ({ context, args, flags }) => {
	const allow = parseGrants(args[0] ?? "");
	await writeReach(context, { allow });
	if (flags.isSet("json")) {
		context.output.json({ allow });
	} else {
		context.output.line(`Allowed from elsewhere: ${allow.join(", ")}.`);
	}
	return "ok";
};

/** Leaves the host. */
export const runReachOff: CommandRun = async ({ context, flags }) => {
	await writeReach(context, { host: null });
	if (flags.isSet("json")) {
		context.output.json({ host: null });
	} else {
		context.output.line("This computer has left its host. Its sessions are seen here only.");
	}
	return "ok";
};
