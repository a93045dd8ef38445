import path from "node:path";
import type { PermissionRule } from "@opta/contracts/schema/daemon-permission";
import picomatch from "picomatch";
import type { ToolKind } from "../tools/tool.ts";

/** Whether a rule speaks of this tool and this subject. */
export function matchesRule(rule: PermissionRule, tool: string, kind: ToolKind, subject: string): boolean {
	return matchesWords(rule.tool, tool, false) && matchesSubject(rule, kind, subject);
}

/** `*` stands for any text, `?` for any one character. Takes time in proportion to the lengths, whoever wrote the pattern. */
export function matchesWords(pattern: string, text: string, ignoreCase: boolean): boolean {
	const [wanted, given] = ignoreCase ? [pattern.toLowerCase(), text.toLowerCase()] : [pattern, text];
	let at = 0;
	let place = 0;
	let star = -1;
	let resume = 0;
	while (place < given.length) {
		if (wanted[at] === "*") {
			star = at;
			resume = place;
			at += 1;
		} else if (wanted[at] === "?" || wanted[at] === given[place]) {
			at += 1;
			place += 1;
		} else if (star !== -1) {
			resume += 1;
			at = star + 1;
			place = resume;
		} else {
			return false;
		}
	}
	return /^\**$/.test(wanted.slice(at));
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
	return picomatch.isMatch(normal, pattern, {
		dot: true,
		nocase: ignoreCase,
		basename: !pattern.includes("/"),
		noextglob: true,
		nonegate: true,
	});
}
