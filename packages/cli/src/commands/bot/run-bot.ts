import { readFile } from "node:fs/promises";
import path from "node:path";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandCall, CommandRun } from "../../program/command-spec.ts";

const firstPort = 19_000;
const longestName = 64;
const longestPrompt = 20_000;

/** No gateway can be part of this build, so nothing can answer. */
function noGateway(): never {
	throw new CommandFailure(
		"unreachable",
		"There is no gateway for bots yet: this version of Opta has none to register with. Nothing was changed; update when there is one.",
	);
}

async function checkBot({ context, flags }: CommandCall): Promise<void> {
	const name = flags.text("name")?.trim() ?? "";
	if (name === "" || name.length > longestName) {
		throw new CommandFailure("usage", `--name must have 1 to ${longestName} characters.`);
	}
	const port = flags.number("port");
	if (port !== undefined && port < firstPort) {
		throw new CommandFailure("usage", `--port ${port}: ports of bots begin at ${firstPort}.`);
	}
	const given = flags.text("prompt") ?? "";
	let prompt = given;
	if (given.startsWith("@")) {
		try {
			prompt = await readFile(path.resolve(context.folder, given.slice(1)), "utf8");
		} catch (error) {
			throw new CommandFailure("usage", `--prompt ${given}: the file cannot be read.`, { cause: error });
		}
	}
	if (prompt.length > longestPrompt) {
		throw new CommandFailure("usage", `--prompt must have at most ${longestPrompt} characters.`);
	}
}

/** Creates a bot. */
export const runCreateBot: CommandRun = async (call) => {
	await checkBot(call);
	return noGateway();
};

/** Lists bots. */
export const runListBots: CommandRun = async () => noGateway();

/** Removes a bot. */
export const runRemoveBot: CommandRun = async () => noGateway();
