import { environment, readDotEnv } from "../environment/env.ts";
import { type PlatformOptions, resolvePlatformOptions } from "../environment/platform-options.ts";
import { parseFlags } from "./parse-flags.ts";

/** The settings of this start, or what to print and how to exit instead. */
export function readOptions(
	name: string,
	description: string,
	args: readonly string[],
): { readonly ok: true; readonly options: PlatformOptions } | { readonly ok: false; readonly message: string; readonly exitCode: number } {
	const parsed = parseFlags(name, description, args);
	if (!parsed.ok) {
		return parsed;
	}
	const dotEnv = readDotEnv();
	if (!dotEnv.ok) {
		return { ok: false, message: dotEnv.message, exitCode: 1 };
	}
	const resolved = resolvePlatformOptions(parsed.flags, environment, dotEnv.variables);
	return resolved.ok ? resolved : { ok: false, message: resolved.message, exitCode: 1 };
}
