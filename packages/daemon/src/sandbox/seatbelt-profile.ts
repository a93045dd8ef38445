import type { Protection } from "./bubblewrap-arguments.ts";
import type { ProtectedPath } from "./protected-paths.ts";
import type { SandboxPolicy } from "./sandbox.ts";

/** A string of the profile's language. */
function quoted(text: string): string {
	return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function filter(place: ProtectedPath): string {
	return `(${place.folder ? "subpath" : "literal"} ${quoted(place.path)})`;
}

/** Services through which a command could read the keychain, or have something started outside of the sandbox. */
const closedServices = ["com.apple.SecurityServer", "com.apple.securityd", "com.apple.coreservices.launchservicesd", "com.apple.lsd.open"];

/**
 * A profile of sandbox-exec(1), in which the last rule that matches holds: everything readable, only the workspace and a
 * folder for temporary files writable, no network where the policy says so.
 */
export function seatbeltProfile(policy: SandboxPolicy, protection: Protection): string {
	const rule = (action: string, filters: readonly string[]) => (filters.length === 0 ? [] : [`(${action} ${filters.join(" ")})`]);
	const writable = [policy.workspace, policy.tmp].map((folder) => filter({ path: folder, folder: true }));
	const devices = [
		'(literal "/dev/null")',
		'(literal "/dev/zero")',
		'(literal "/dev/tty")',
		'(literal "/dev/ptmx")',
		'(regex #"^/dev/ttys[0-9]+$")',
	];
	const hidden = protection.hidden.map(filter);
	return [
		"(version 1)",
		"(allow default)",
		"(deny file-write*)",
		...rule("allow file-write*", [...writable, ...devices]),
		...rule("deny file-write*", protection.held.map(filter)),
		...rule("deny file-read* file-write*", hidden),
		...rule(
			"deny mach-lookup",
			closedServices.map((name) => `(global-name ${quoted(name)})`),
		),
		"(deny appleevent-send)",
		"(deny job-creation)",
		...(policy.network ? [] : ["(deny network*)"]),
		"",
	].join("\n");
}
