import { CommandFailure } from "./command-failure.ts";

/** Reads a setting's value as JSON where it is some, else as text. */
export function parseSettingValue(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/**
 * Reads `name=value` settings.
 * @throws {CommandFailure} `usage`, when one has no name or no value.
 */
export function parseSettings(pairs: readonly string[]): Record<string, unknown> {
	const settings: Record<string, unknown> = {};
	for (const pair of pairs) {
		const at = pair.indexOf("=");
		if (at < 1) {
			throw new CommandFailure("usage", `--set ${pair}: write name=value, such as --set model=qwen3-8b.`);
		}
		settings[pair.slice(0, at)] = parseSettingValue(pair.slice(at + 1));
	}
	return settings;
}
