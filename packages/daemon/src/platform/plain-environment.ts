import type { Environment } from "./opta-home.ts";

/** What programs need to run at all; anything else of the daemon's own environment (tokens, settings of Opta) stays with it. */
const needed =
	/^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|TERM|XDG_\w+|DISPLAY|WAYLAND_DISPLAY|DBUS_SESSION_BUS_ADDRESS|SYSTEMROOT|SYSTEMDRIVE|COMSPEC|PATHEXT|WINDIR|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES)$/i;

/** The variables that programs of sessions get which were not started from a terminal. */
export function plainEnvironment(environment: Environment): Record<string, string> {
	const plain: Record<string, string> = {};
	for (const [name, value] of Object.entries(environment)) {
		if (value !== undefined && needed.test(name)) {
			plain[name] = value;
		}
	}
	return plain;
}
