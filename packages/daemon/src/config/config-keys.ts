import { optaConfigSchema } from "@opta/contracts/schema/opta-config";
import { z } from "zod";

/** One setting. */
export interface ConfigKey {
	/** `agent.maxSteps`. */
	readonly name: string;
	/** `OPTA_AGENT_MAX_STEPS`. */
	readonly variable: string;
	/** True where its value is text; anything else is written as JSON. */
	readonly isText: boolean;
}

interface SchemaNode {
	readonly type?: unknown;
	readonly enum?: readonly unknown[];
	readonly properties?: Readonly<Record<string, SchemaNode>>;
}

function variableOf(name: string): string {
	return `OPTA_${name
		.replace(/([a-z])([A-Z])/g, "$1_$2")
		.replaceAll(".", "_")
		.toUpperCase()}`;
}

function collect(node: SchemaNode, prefix: string, into: Map<string, ConfigKey>): void {
	for (const [key, child] of Object.entries(node.properties ?? {})) {
		const name = prefix === "" ? key : `${prefix}.${key}`;
		if (child.properties === undefined) {
			into.set(name, { name, variable: variableOf(name), isText: child.type === "string" });
		} else {
			collect(child, name, into);
		}
	}
}

let known: ReadonlyMap<string, ConfigKey> | undefined;

/** Every setting by its dotted name, as the schema has them. */
export function configKeys(): ReadonlyMap<string, ConfigKey> {
	if (known === undefined) {
		const found = new Map<string, ConfigKey>();
		collect(z.toJSONSchema(optaConfigSchema, { io: "input" }) as SchemaNode, "", found);
		known = found;
	}
	return known;
}

/** Reads a value as a person writes it on a command line or in a variable: text stays text, the rest is JSON. */
export function readSettingText(key: ConfigKey | undefined, text: string): unknown {
	if (key?.isText === true) {
		return text;
	}
	try {
		return JSON.parse(text);
	} catch {
		// Not JSON: the schema says whether plain text will do.
		return text;
	}
}

/** A tree with one setting. */
export function treeOf(name: string, value: unknown): Record<string, unknown> {
	const [first = "", ...rest] = name.split(".");
	return { [first]: rest.length === 0 ? value : treeOf(rest.join("."), value) };
}
