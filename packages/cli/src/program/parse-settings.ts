import { CommandFailure } from "./command-failure.ts";

const secretName = "connection.adminKey";

/**
 * Reads `name=value` settings of the command line; the values are still text.
 * @throws {CommandFailure} `usage`, when one has no name or no value, or is a secret.
 */
export function parseSettings(pairs: readonly string[]): Record<string, string> {
	const settings: Record<string, string> = {};
	for (const pair of pairs) {
		const at = pair.indexOf("=");
		if (at < 1) {
			throw new CommandFailure("usage", `--set ${pair}: write name=value, such as --set model=qwen3-8b.`);
		}
		if (pair.slice(0, at) === secretName) {
			throw new CommandFailure(
				"usage",
				`--set ${secretName}: other programs see a command line. Keep the key: opta config set ${secretName}`,
			);
		}
		settings[pair.slice(0, at)] = pair.slice(at + 1);
	}
	return settings;
}
