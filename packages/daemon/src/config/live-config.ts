import { statSync } from "node:fs";
import path from "node:path";
import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import { homeFiles } from "../platform/home-files.ts";
import type { Environment } from "../platform/opta-home.ts";
import { loadConfig } from "./load-config.ts";

/** Configuration that follows its files while the daemon runs. */
export interface LiveConfig {
	/** Of this computer's user. */
	readonly current: () => OptaConfig;
	/** With the project's own settings. */
	readonly forWorkspace: (workspace: string) => OptaConfig;
	/** For people: older names, ignored settings, and why a changed file is not in use. */
	readonly notices: () => readonly string[];
}

interface Kept {
	readonly stamp: string;
	readonly config: OptaConfig;
	readonly notices: readonly string[];
}

/** Workspaces whose configuration is kept at the same time. */
const keptWorkspaces = 64;

function stampOf(file: string): string {
	const stats = statSync(file, { throwIfNoEntry: false });
	return stats === undefined ? "-" : `${stats.mtimeMs}/${stats.size}/${stats.ino}`;
}

/** What the daemon is started with beside the files. */
export interface LiveConfigSources {
	readonly home: string;
	readonly environment: Environment;
	readonly flags?: Readonly<Record<string, unknown>>;
}

/** The configuration of a home; a message where it cannot be used at the start. A file that is wrong later leaves what held before. */
export function openLiveConfig(
	sources: LiveConfigSources,
): { readonly ok: true; readonly live: LiveConfig } | { readonly ok: false; readonly message: string } {
	const userFile = homeFiles(sources.home).config;
	const kept = new Map<string, Kept>();
	const first = loadConfig(sources);
	if (!first.ok) {
		return first;
	}
	const atStart = first.config;
	kept.set("", { stamp: stampOf(userFile), config: atStart, notices: first.notices });

	function read(workspace: string): Kept {
		const stamp = workspace === "" ? stampOf(userFile) : `${stampOf(userFile)} ${stampOf(path.join(workspace, ".opta", "config.json"))}`;
		const known = kept.get(workspace);
		if (known?.stamp === stamp) {
			return known;
		}
		const loaded = loadConfig({ ...sources, ...(workspace === "" ? {} : { workspace }) });
		const fallback = known ?? (workspace === "" ? undefined : read(""));
		const next: Kept = loaded.ok
			? { stamp, config: loaded.config, notices: loaded.notices }
			: { stamp, config: fallback?.config ?? atStart, notices: [`${loaded.message} Until then the earlier settings hold.`] };
		kept.delete(workspace);
		kept.set(workspace, next);
		for (const oldest of kept.keys()) {
			if (kept.size <= keptWorkspaces) {
				break;
			}
			if (oldest !== "") {
				kept.delete(oldest);
			}
		}
		return next;
	}

	return {
		ok: true,
		live: {
			current: () => read("").config,
			forWorkspace: (workspace) => read(workspace).config,
			notices: () => [...new Set([...kept.values()].flatMap(({ notices }) => notices))],
		},
	};
}
