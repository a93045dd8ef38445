import type { PermissionMode, PermissionRule } from "@opta/contracts/schema/daemon-permission";
import type { ToolAccess, ToolKind } from "../tools/tool.ts";
import { matchesRule } from "./match-rule.ts";
import { isSecretPath } from "./secret-path.ts";

/** A call that wants to be made, and what was said about such calls. */
export interface PermissionCase {
	readonly mode: PermissionMode;
	readonly tool: string;
	readonly kind: ToolKind;
	readonly access: Pick<ToolAccess, "subjects" | "outsideWorkspace">;
	/** Of the configuration, weakest first. */
	readonly rules: readonly PermissionRule[];
	/** What people allowed for the session or the project when they were asked. */
	readonly allowed: readonly PermissionRule[];
	/** The model has made this very call again and again. */
	readonly repeated: boolean;
}

/** What becomes of it. `onceOnly`: "always" makes no sense for this question. */
export type PermissionDecision =
	| { readonly action: "allow" }
	| { readonly action: "ask"; readonly onceOnly: boolean }
	| { readonly action: "deny"; readonly reason: string };

type Action = PermissionDecision["action"];

const strictness: Readonly<Record<Action, number>> = { allow: 0, ask: 1, deny: 2 };

/**
 * Decides without asking anybody. Each subject is decided by the last rule that matches it, else by what it is (secrets) and the
 * mode, and the strictest decides for the call. Plan mode changes nothing whatever rules say; what people allowed for longer turns questions into
 * permissions, never a denial.
 */
export function decidePermission(asked: PermissionCase): PermissionDecision {
	const { mode, kind, access, repeated } = asked;
	if (mode === "plan" && (kind === "edit" || kind === "execute")) {
		return { action: "deny", reason: "In plan mode nothing is changed or run. Say what you would do instead." };
	}
	const subjects = access.subjects.length === 0 ? [""] : access.subjects;
	const actions = subjects.map((subject) => decideSubject(asked, subject));
	const strictest = actions.reduce<Action>((most, action) => (strictness[action] > strictness[most] ? action : most), "allow");
	if (strictest === "deny") {
		const denied = subjects.filter((_, index) => actions[index] === "deny").join(", ");
		return { action: "deny", reason: `A rule of the configuration does not allow ${asked.tool}${denied === "" ? "" : ` with ${denied}`}.` };
	}
	if (repeated) {
		return { action: "ask", onceOnly: true };
	}
	return strictest === "ask" ? { action: "ask", onceOnly: false } : { action: "allow" };
}

function decideSubject({ mode, tool, kind, access, rules, allowed }: PermissionCase, subject: string): Action {
	const matches = (rule: PermissionRule): boolean => matchesRule(rule, tool, kind, subject);
	const secret = (kind === "read" || kind === "edit") && isSecretPath(subject);
	const otherwise = secret ? "ask" : decideByMode(mode, kind, access.outsideWorkspace === true);
	const action = rules.findLast(matches)?.action ?? otherwise;
	return action === "ask" && allowed.some(matches) ? "allow" : action;
}

function decideByMode(mode: PermissionMode, kind: ToolKind, outside: boolean): Action {
	if (mode === "auto" || (kind === "interact" && !outside)) {
		return "allow";
	}
	if (outside || kind === "network" || kind === "execute") {
		return "ask";
	}
	return kind === "read" || mode === "edit" ? "allow" : "ask";
}
