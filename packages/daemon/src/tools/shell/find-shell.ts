import { existsSync } from "node:fs";
import type { OptaPlatform } from "../../platform/opta-home.ts";
import type { Command } from "../../sandbox/sandbox.ts";

/** The program that runs lines of shell: bash, else the system's sh; PowerShell on Windows. */
export function shellCommand(line: string, platform: OptaPlatform): Command {
	if (platform === "win32") {
		return { file: "powershell.exe", args: ["-NoProfile", "-NonInteractive", "-Command", line] };
	}
	const bash = ["/bin/bash", "/usr/bin/bash"].find((place) => existsSync(place));
	// Without these bash takes our pipes, which are sockets, for a remote login and reads the person's files first.
	return bash === undefined ? { file: "/bin/sh", args: ["-c", line] } : { file: bash, args: ["--norc", "--noprofile", "-c", line] };
}
