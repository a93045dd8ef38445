import { setConfigValue } from "@opta/daemon/config/set-config-value";
import { loadCliConfig } from "../../config/load-cli-config.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandCall, CommandRun } from "../../program/command-spec.ts";
import { parseNamedValues } from "./parse-named-values.ts";

const namePattern = /^[a-z0-9][a-z0-9_-]{0,31}$/;

function serverOf({ args, flags }: CommandCall): Record<string, unknown> {
	const [, command, ...rest] = args;
	const url = flags.text("url");
	if ((command === undefined) === (url === undefined)) {
		throw new CommandFailure("usage", "Name either a program (behind --) or an address (--url).");
	}
	if (url !== undefined) {
		if (flags.list("env").length > 0) {
			throw new CommandFailure("usage", "--env is for programs; an address takes --header.");
		}
		const headers = parseNamedValues("--header", flags.list("header"));
		return { url, ...(Object.keys(headers).length > 0 && { headers }) };
	}
	if (flags.list("header").length > 0) {
		throw new CommandFailure("usage", "--header is for addresses; a program takes --env.");
	}
	const env = parseNamedValues("--env", flags.list("env"));
	return { command, ...(rest.length > 0 && { args: rest }), ...(Object.keys(env).length > 0 && { env }) };
}

/** Adds a server to the user's configuration. */
export const runAddMcp: CommandRun = async (call) => {
	const { context, args } = call;
	const [name = ""] = args;
	if (!namePattern.test(name)) {
		throw new CommandFailure("usage", `"${name}" cannot be a name: lower-case letters, digits, - and _, at most 32.`);
	}
	const server = serverOf(call);
	if ((await loadCliConfig(context)).mcp[name] !== undefined) {
		throw new CommandFailure("failed", `There is a server ${name} already. Remove it first: opta mcp remove ${name}`);
	}
	const changed = await setConfigValue(context.home, `mcp.${name}`, server);
	if (!changed.ok) {
		throw new CommandFailure("configuration", changed.message);
	}
	context.output.note(`${name} is in ${changed.place}. How it is once a daemon runs: opta mcp list`);
	return "ok";
};

/** Removes a server from the user's configuration. */
export const runRemoveMcp: CommandRun = async ({ context, args }) => {
	const [name = ""] = args;
	if ((await loadCliConfig(context)).mcp[name] === undefined) {
		throw new CommandFailure("failed", `There is no server ${name}. See them: opta mcp list`);
	}
	const changed = await setConfigValue(context.home, `mcp.${name}`, undefined);
	if (!changed.ok) {
		throw new CommandFailure("configuration", changed.message);
	}
	context.output.note(`${name} is removed from ${changed.place}.`);
	return "ok";
};
