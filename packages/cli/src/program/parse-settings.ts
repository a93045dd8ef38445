import { CommandFailure } from "./command-failure.ts";

/**
 * Reads `name=value` settings of the command line; the values are still text.
 * @throws {CommandFailure} `usage`, when one has no name or no value.
 */
export function parseSettings(pairs: readonly string[]): Record<string, string> {
	const settings: Record<string, string> = {};
	for (const pair of pairs) {
		const at = pair.indexOf("=");
		if (at < 1) {
			throw new CommandFailure("usage", `--set ${pair}: write name=value, such as --set model=qwen3-8b.`);
		}
		settings[pair.slice(0, at)] = pair.slice(at + 1);
	}
	return settings;
}
