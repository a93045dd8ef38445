import { CommandFailure } from "../../program/command-failure.ts";

/**
 * Reads `name=value` pairs.
 * @throws {CommandFailure} `usage`, when one has no name.
 */
export function parseNamedValues(flag: string, pairs: readonly string[]): Record<string, string> {
	return Object.fromEntries(
		pairs.map((pair) => {
			const at = pair.indexOf("=");
			if (at < 1) {
				throw new CommandFailure("usage", `${flag} ${pair}: write name=value.`);
			}
			return [pair.slice(0, at), pair.slice(at + 1)];
		}),
	);
}
