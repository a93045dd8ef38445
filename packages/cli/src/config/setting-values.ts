import { configKeys } from "@opta/daemon/config/config-keys";
import { CommandFailure } from "../program/command-failure.ts";

/** What is printed in place of a secret. */
export const hiddenSecret = "(secret)";

/** The part of a tree under a dotted name; undefined where there is none. */
export function valueAt(tree: unknown, name: string): unknown {
	const step = (at: unknown, key: string): unknown =>
		typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined;
	return name.split(".").reduce(step, tree);
}

/**
 * Makes sure that a name is a setting, a group of them, or an entry of a map such as `mcp.files`.
 * @throws {CommandFailure} `usage`, with names that may have been meant.
 */
export function requireSettingName(name: string): void {
	const names = [...configKeys().keys()];
	if (names.some((known) => known === name || known.startsWith(`${name}.`) || name.startsWith(`${known}.`))) {
		return;
	}
	const last = (name.split(".").at(-1) ?? name).toLowerCase();
	const similar = names.filter((known) => known.toLowerCase().includes(last)).slice(0, 5);
	throw new CommandFailure("usage", `There is no setting ${name}.${similar.length === 0 ? "" : ` Did you mean ${similar.join(", ")}?`}`);
}
