import path from "node:path";
import type { PermissionRule } from "@opta/contracts/schema/daemon-permission";
import picomatch from "picomatch";
import type { ToolKind } from "../tools/tool.ts";

/** Whether a rule speaks of this tool and this subject. */
export function matchesRule(rule: PermissionRule, tool: string, kind: ToolKind, subject: string): boolean {
	return matchesWords(rule.tool, tool, false) && matchesSubject(rule, kind, subject);
}

/** `*` stands for any text, `?` for any one character. */
export function matchesWords(pattern: string, text: string, ignoreCase: boolean): boolean {
	const source = pattern
		.replace(/[.+^${}()|[\]\\]/g, "\\$&")
		.replace(/\*+/g, "[^]*")
		.replace(/\?/g, "[^]");
	return new RegExp(`^${source}$`, ignoreCase ? "iu" : "u").test(text);
}

/**
 * Paths are matched as globs (`*` stays within a folder, `**` does not; a pattern without a slash is about the name, in every
 * folder), everything else by words. What forbids or asks is not got around by writing it in capitals.
 */
function matchesSubject({ pattern, action }: PermissionRule, kind: ToolKind, subject: string): boolean {
	if (pattern === "*" || pattern === "**" || pattern === subject) {
		return true;
	}
	const ignoreCase = action !== "allow";
	if (kind !== "read" && kind !== "edit") {
		return matchesWords(pattern, subject, ignoreCase);
	}
	const normal = path.posix.normalize(subject.replaceAll("\\", "/"));
	return picomatch.isMatch(normal, pattern, { dot: true, nocase: ignoreCase, basename: !pattern.includes("/") });
}
