import type { ConfigTree } from "./config-file.ts";
import { mergeTrees } from "./merge-trees.ts";

/** Settings as today's version names them, and a notice for each that had an older name. */
export interface RenamedSettings {
	readonly tree: ConfigTree;
	readonly notices: readonly string[];
}

function fromAddress(value: unknown): ConfigTree {
	const text = String(value);
	const url =
		URL.canParse(text) && /^https?:/.test(text) ? new URL(text) : URL.canParse(`http://${text}`) ? new URL(`http://${text}`) : null;
	if (url === null) {
		return { connection: { host: text } };
	}
	return { connection: { host: url.hostname, ...(url.port === "" ? {} : { port: Number(url.port) }) } };
}

/** Names of earlier versions, and what they are now. */
const olderNames: Readonly<Record<string, { readonly now: string; readonly read: (value: unknown) => ConfigTree }>> = {
	inference_host: { now: "connection.host", read: fromAddress },
	lm_studio_url: { now: "connection.host", read: fromAddress },
	inference_port: { now: "connection.port", read: (value) => ({ connection: { port: Number(value) } }) },
	admin_key: { now: "connection.adminKey", read: (value) => ({ connection: { adminKey: value } }) },
	default_model: { now: "model", read: (value) => ({ model: value }) },
};

/** Reads the settings of earlier versions; a setting that has its present name too keeps that one. */
export function renameOlder(tree: ConfigTree, source: string): RenamedSettings {
	let renamed: ConfigTree = {};
	const present: Record<string, unknown> = {};
	const notices: string[] = [];
	for (const [key, value] of Object.entries(tree)) {
		const older = Object.hasOwn(olderNames, key) ? olderNames[key] : undefined;
		if (older === undefined) {
			present[key] = value;
		} else {
			renamed = mergeTrees(renamed, older.read(value));
			notices.push(`${source}: "${key}" is an older name of "${older.now}". It still works; rename it when you can.`);
		}
	}
	return { tree: mergeTrees(renamed, present), notices };
}
