import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseDotEnv } from "./parse-dot-env.ts";

/** The repository's folder. */
export const repositoryRoot = fileURLToPath(new URL("../../..", import.meta.url));

/** The environment this process was given. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;

/** What every child may see of the environment: what programs need to run, and nothing that is ours. */
export function childEnvironment(): Record<string, string> {
	const passed = ["PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR", "TERM", "SystemRoot", "APPDATA", "LOCALAPPDATA", "npm_config_cache"];
	const result: Record<string, string> = {
		NEXT_TELEMETRY_DISABLED: "1",
		TURBO_TELEMETRY_DISABLED: "1",
		DO_NOT_TRACK: "1",
		LITE_TELEMETRY: "0",
	};
	for (const name of passed) {
		const value = process.env[name];
		if (value !== undefined) {
			result[name] = value;
		}
	}
	// So that every program started below runs on the pinned Node, whatever the machine has.
	result.PATH = [path.join(repositoryRoot, "node_modules", ".bin"), result.PATH ?? ""].join(path.delimiter);
	return result;
}

/** Reads the repository's `.env`; a missing file is an empty one. The error is one line that names file and line. */
export function readDotEnv(
	file = `${repositoryRoot}.env`,
): { readonly ok: true; readonly variables: Readonly<Record<string, string>> } | { readonly ok: false; readonly message: string } {
	let text: string;
	try {
		text = readFileSync(file, "utf8");
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") {
			return { ok: true, variables: {} };
		}
		return { ok: false, message: `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}` };
	}
	const parsed = parseDotEnv(text);
	return parsed.ok
		? { ok: true, variables: parsed.variables }
		: { ok: false, message: `.env line ${parsed.line}: ${parsed.reason}. Mend or remove that line.` };
}
