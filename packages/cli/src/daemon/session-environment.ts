import type { Environment } from "@opta/daemon/platform/opta-home";

const longestName = 256;
const longestValue = 65_536;
/** Secrets of Opta's own: the daemon has them from the keychain, commands of a session have no use for them. */
const kept = new Set(["ANTHROPIC_API_KEY", "OPTA_CONNECTION_ADMIN_KEY"]);

/** The terminal's variables as a new session's shell commands get them. */
export function sessionEnvironment(environment: Environment): Record<string, string> {
	const variables: Record<string, string> = {};
	for (const [name, value] of Object.entries(environment)) {
		if (value !== undefined && name.length <= longestName && value.length <= longestValue && !kept.has(name)) {
			variables[name] = value;
		}
	}
	return variables;
}
