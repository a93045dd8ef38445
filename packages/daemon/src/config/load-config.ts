import { readFileSync } from "node:fs";
import path from "node:path";
import { type OptaConfig, type OptaConfigInput, optaConfigSchema } from "@opta/contracts/schema/opta-config";
import { homeFiles } from "../platform/home-files.ts";
import type { Environment } from "../platform/opta-home.ts";
import { type ConfigText, type ConfigTree, parseConfigText } from "./config-file.ts";
import { configKeys, readSettingText, treeOf } from "./config-keys.ts";
import { describeConfigIssue } from "./describe-config-issue.ts";
import { mergeTrees } from "./merge-trees.ts";
import { renameOlder } from "./older-names.ts";
import { tightenProject } from "./project-settings.ts";

/** Where configuration comes from, strongest first: flags, environment, project, user. */
export interface ConfigSources {
	/** From `optaHome`. */
	readonly home: string;
	/** Variables; `OPTA_MODEL`, `OPTA_CONNECTION_HOST` and so on are read. */
	readonly environment: Environment;
	/** By dotted name, as on the command line: `{ "connection.host": "mono512.local" }`. */
	readonly flags?: Readonly<Record<string, unknown>>;
	/** Folder whose `.opta/config.json` counts too; missing: no project. */
	readonly workspace?: string;
}

/** The configuration with notices for people, or the first mistake, which names file and line. */
export type LoadedConfig =
	| { readonly ok: true; readonly config: OptaConfig; readonly notices: readonly string[] }
	| { readonly ok: false; readonly message: string };

class ConfigMistake extends Error {}

/** A file's text; null when there is none. */
function readText(file: string): string | null {
	try {
		return readFileSync(file, "utf8");
	} catch (error) {
		if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) {
			return null;
		}
		throw new ConfigMistake(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
	}
}

interface Layer {
	readonly input: OptaConfigInput;
	readonly notices: readonly string[];
}

/** Checks settings against the schema. @throws ConfigMistake naming the place. */
function checked(tree: ConfigTree, placeOf: (path: readonly PropertyKey[]) => string): OptaConfigInput {
	const result = optaConfigSchema.safeParse(tree);
	if (!result.success) {
		throw new ConfigMistake(describeConfigIssue(result.error, placeOf));
	}
	return tree as OptaConfigInput;
}

function readLayer(file: string): Layer {
	const raw = readText(file);
	if (raw === null) {
		return { input: {}, notices: [] };
	}
	const parsed = parseConfigText(file, raw);
	if (!parsed.ok) {
		throw new ConfigMistake(parsed.message);
	}
	const text: ConfigText = parsed.text;
	const { tree, notices } = renameOlder(text.tree, file);
	return { input: checked(tree, (where) => `${file}:${text.lineOf(where)}`), notices };
}

function environmentLayer(environment: Environment): ConfigTree {
	let tree: ConfigTree = {};
	for (const key of configKeys().values()) {
		const text = environment[key.variable];
		if (text !== undefined && text !== "") {
			const one = treeOf(key.name, readSettingText(key, text));
			checked(one, () => key.variable);
			tree = mergeTrees(tree, one);
		}
	}
	return tree;
}

function flagLayer(flags: Readonly<Record<string, unknown>>): ConfigTree {
	let tree: ConfigTree = {};
	for (const [name, value] of Object.entries(flags)) {
		if (value !== undefined) {
			const one = treeOf(name, value);
			checked(one, () => `--${name}`);
			tree = mergeTrees(tree, one);
		}
	}
	return tree;
}

/**
 * Reads the configuration: flags before environment (`OPTA_*`) before the project (`.opta/config.json`) before the user
 * (`config.json`). Files may have comments and trailing commas. A project only ever makes things stricter.
 */
export function loadConfig(sources: ConfigSources): LoadedConfig {
	try {
		const user = readLayer(homeFiles(sources.home).config);
		let tree: ConfigTree = user.input;
		const notices = [...user.notices];
		if (sources.workspace !== undefined) {
			const file = path.join(sources.workspace, ".opta", "config.json");
			const project = readLayer(file);
			const tightened = tightenProject(project.input, user.input, file);
			tree = mergeTrees(tree, tightened.tree);
			notices.push(...project.notices, ...tightened.notices);
		}
		tree = mergeTrees(mergeTrees(tree, environmentLayer(sources.environment)), flagLayer(sources.flags ?? {}));
		return { ok: true, config: optaConfigSchema.parse(tree), notices };
	} catch (error) {
		if (error instanceof ConfigMistake) {
			return { ok: false, message: error.message };
		}
		throw error;
	}
}
