import type { PendingPermission } from "@opta/contracts/schema/daemon-permission";
import { CommandFailure } from "../../program/command-failure.ts";

/** One `--allow`: a tool and what it may be called with, both with `*` for anything. */
export interface AllowRule {
	readonly tool: string;
	readonly pattern: string;
}

/**
 * Reads `tool:pattern` and `tool`.
 * @throws {CommandFailure} `usage`, when there is no tool in it.
 */
export function parseAllowRule(text: string): AllowRule {
	const at = text.indexOf(":");
	const rule = at === -1 ? { tool: text, pattern: "*" } : { tool: text.slice(0, at), pattern: text.slice(at + 1) };
	if (rule.tool.trim() === "" || rule.pattern === "") {
		throw new CommandFailure("usage", `--allow ${text}: write tool:pattern, such as 'run_command:npm test*'.`);
	}
	return rule;
}

/** True where the text is what the pattern says; `*` stands for any characters. */
function matches(pattern: string, text: string): boolean {
	const [first = "", ...rest] = pattern.split("*");
	const last = rest.pop();
	if (last === undefined) {
		return pattern === text;
	}
	let at = first.length;
	if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) {
		return false;
	}
	for (const part of rest) {
		const found = text.indexOf(part, at);
		if (found === -1) {
			return false;
		}
		at = found + part.length;
	}
	return at <= text.length - last.length;
}

/** True where everything that is asked for is allowed by some rule. A question to a person is never. */
export function isAllowed(rules: readonly AllowRule[], permission: PendingPermission): boolean {
	if (permission.kind !== "tool") {
		return false;
	}
	const ofTool = rules.filter((rule) => matches(rule.tool, permission.tool));
	const isCovered = (wanted: string): boolean => ofTool.some((rule) => matches(rule.pattern, wanted));
	return ofTool.some((rule) => rule.pattern === "*") || (permission.patterns.length > 0 && permission.patterns.every(isCovered));
}
