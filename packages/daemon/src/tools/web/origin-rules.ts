import type { PermissionRule } from "@opta/contracts/schema/daemon-permission";
import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import { matchesWords } from "../../permissions/match-rule.ts";

/** Tools that open addresses; their rules are matched with origins. */
const openingTools = ["web_fetch", "browser_open"] as const;

/** `tools.allowedOrigins` and `tools.deniedOrigins` as rules, weakest first: what is denied stays denied where both match. */
export function originRules({
	allowedOrigins,
	deniedOrigins,
}: Pick<OptaConfig["tools"], "allowedOrigins" | "deniedOrigins">): PermissionRule[] {
	const rulesOf = (patterns: readonly string[], action: "allow" | "deny"): PermissionRule[] =>
		patterns.flatMap((pattern) => openingTools.map((tool) => ({ tool, pattern, action })));
	return [...rulesOf(allowedOrigins, "allow"), ...rulesOf(deniedOrigins, "deny")];
}

/** True where an origin on this computer or its network is among the allowed ones and not among the denied ones. */
export function isNamedOrigin(
	{ allowedOrigins, deniedOrigins }: Pick<OptaConfig["tools"], "allowedOrigins" | "deniedOrigins">,
	origin: string,
): boolean {
	// A pattern for everything means the web; what is private has to be named.
	const named = allowedOrigins.some((pattern) => !/^(?:https?:\/\/)?\*+$/.test(pattern) && matchesWords(pattern, origin, true));
	return named && !deniedOrigins.some((pattern) => matchesWords(pattern, origin, true));
}
