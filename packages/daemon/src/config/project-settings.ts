import { permissionModes } from "@opta/contracts/daemon-protocol";
import type { PermissionMode } from "@opta/contracts/schema/daemon-permission";
import type { OptaConfigInput } from "@opta/contracts/schema/opta-config";
import type { ConfigTree } from "./config-file.ts";

/** Settings of the computer and its person, which no checked-out project may change. */
const notForProjects = [
	"connection",
	"anthropic",
	"hostPolicy",
	"localOnly",
	"mcp",
	"daemon",
	"accounts",
	"reach",
	"updates",
	"tools.sandbox",
	"tools.allowedOrigins",
] as const;

function strictness(mode: PermissionMode): number {
	return permissionModes.indexOf(mode);
}

function without(tree: Record<string, unknown>, name: string, dropped: string[]): void {
	const [first = "", second] = name.split(".");
	const value = tree[first];
	if (second === undefined) {
		if (Object.hasOwn(tree, first)) {
			delete tree[first];
			dropped.push(name);
		}
	} else if (typeof value === "object" && value !== null && Object.hasOwn(value, second)) {
		const { [second]: _dropped, ...rest } = value as Record<string, unknown>;
		tree[first] = rest;
		dropped.push(name);
	}
}

/** What remains of a project's settings beside a user's, with notices for what was ignored. */
export interface ProjectSettings {
	readonly tree: ConfigTree;
	readonly notices: readonly string[];
}

/**
 * Takes from a project's settings what makes nothing looser: a checked-out project is not trusted. Its rules that ask come
 * before the user's (last match wins, so the user's own rules hold), its rules that deny come after them.
 */
export function tightenProject(project: OptaConfigInput, user: OptaConfigInput, source: string): ProjectSettings {
	const tree: Record<string, unknown> = { ...project };
	const dropped: string[] = [];
	for (const name of notForProjects) {
		without(tree, name, dropped);
	}
	const { mode, rules = [], ...permissions } = project.permissions ?? {};
	const keepsMode = mode !== undefined && strictness(mode) < strictness(user.permissions?.mode ?? "ask");
	if (mode !== undefined && !keepsMode && mode !== user.permissions?.mode) {
		dropped.push("permissions.mode");
	}
	if (rules.some(({ action }) => action === "allow")) {
		dropped.push("permissions.rules (those that allow)");
	}
	const userRules = user.permissions?.rules ?? [];
	tree.permissions = {
		...permissions,
		...(keepsMode ? { mode } : {}),
		rules: [...rules.filter(({ action }) => action === "ask"), ...userRules, ...rules.filter(({ action }) => action === "deny")],
	};
	if (project.tools !== undefined) {
		const { disabled = [], deniedOrigins = [] } = project.tools;
		tree.tools = {
			...(tree.tools as object),
			disabled: [...new Set([...(user.tools?.disabled ?? []), ...disabled])],
			deniedOrigins: [...new Set([...(user.tools?.deniedOrigins ?? []), ...deniedOrigins])],
		};
	}
	const notices = dropped.map(
		(name) => `${source}: "${name}" was ignored: a project cannot loosen what it runs with. Set it in your own configuration.`,
	);
	return { tree, notices };
}
