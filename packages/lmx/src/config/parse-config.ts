import { type LmxConfig, lmxConfigSchema } from "@opta/contracts/schema/lmx-config";
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";

/** A configuration, or its first mistake as one line: `file:line:column: key: what is wrong`. */
export type ParsedConfig = { readonly ok: true; readonly config: LmxConfig } | { readonly ok: false; readonly message: string };

type Issue = z.core.$ZodIssue;

/** A value of another type says less than one of the right type that is wrong. */
function weight({ code, path }: Issue): number {
	return path.length * 2 + (code === "invalid_type" ? 0 : 1);
}

/** Of the alternatives of a union, the one that got furthest says best what is wrong. */
function deepest(issue: Issue): Issue {
	if (issue.code !== "invalid_union") {
		return issue;
	}
	const inner = issue.errors.flat().map((each) => deepest({ ...each, path: [...issue.path, ...each.path] }));
	return inner.toSorted((a, b) => weight(b) - weight(a))[0] ?? issue;
}

/** Where a key stands in the file; null when it does not. */
function keyOffset(document: Document, path: readonly PropertyKey[]): number | null {
	const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
	if (!isMap(parent)) {
		return null;
	}
	const pair = parent.items.find(({ key }) => (isScalar(key) ? String(key.value) : String(key)) === String(path.at(-1)));
	return isNode(pair?.key) ? (pair.key.range?.[0] ?? null) : null;
}

/** Offset of the value at a path, of its key where it has none, or of what should hold it. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
	for (let length = path.length; length > 0; length--) {
		const part = path.slice(0, length);
		const node = document.getIn(part, true);
		const offset = (isNode(node) ? node.range?.[0] : undefined) ?? keyOffset(document, part);
		if (offset !== null) {
			return offset;
		}
	}
	return 0;
}

function keyName(path: readonly PropertyKey[]): string {
	return path.map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`)).join("");
}

function describe(
	issue: Issue,
	document: Document,
): { readonly path: readonly PropertyKey[]; readonly offset: number; readonly text: string } {
	if (issue.code === "unrecognized_keys") {
		const path = [...issue.path, issue.keys[0] ?? ""];
		return { path, offset: keyOffset(document, path) ?? 0, text: "LMX does not know this key. Remove it, or check its spelling" };
	}
	const path = issue.path;
	return { path, offset: offsetOf(document, path), text: issue.message };
}

/** Reads the text of a configuration file. `file` is its name in messages. */
export function parseConfig(text: string, file: string): ParsedConfig {
	const lines = new LineCounter();
	const document = parseDocument(text, { lineCounter: lines });
	const mistake = (offset: number, what: string): ParsedConfig => {
		const { line, col } = lines.linePos(offset);
		return { ok: false, message: `${file}:${line}:${col}: ${what}` };
	};
	const [syntax] = document.errors;
	if (syntax !== undefined) {
		return mistake(syntax.pos[0], (syntax.message.split("\n", 1)[0] ?? "").replace(/ at line \d+, column \d+:?$/, ""));
	}
	let value: unknown;
	try {
		value = document.toJS({ maxAliasCount: 100 });
	} catch (error) {
		return mistake(0, error instanceof Error ? error.message : String(error));
	}
	const parsed = lmxConfigSchema.safeParse(value ?? {});
	if (parsed.success) {
		return { ok: true, config: parsed.data };
	}
	const [first] = parsed.error.issues;
	if (first === undefined) {
		return mistake(0, "This is no configuration");
	}
	const issue = describe(deepest(first), document);
	return mistake(issue.offset, `${issue.path.length === 0 ? "" : `${keyName(issue.path)}: `}${issue.text}.`);
}
