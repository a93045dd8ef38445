import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { readLinuxStat } from "../children/process-table.ts";
import { type OptaPlatform, thisPlatform } from "./opta-home.ts";

const run = promisify(execFile);

/** The command that tells when a process started; it prints nothing for one that does not run. */
export function startTimeCommand(pid: number, platform: "darwin" | "win32"): readonly [string, readonly string[]] {
	return platform === "darwin"
		? ["ps", ["-p", String(pid), "-o", "lstart="]]
		: [
				"powershell.exe",
				["-NoProfile", "-NonInteractive", "-Command", `(Get-Process -Id ${pid} -ErrorAction SilentlyContinue).StartTime.ToFileTimeUtc()`],
			];
}

/** When a process started, in the system's own words; null when it does not run. The same pid with another start is another process. */
export async function processStartedAt(pid: number, platform: OptaPlatform = thisPlatform()): Promise<string | null> {
	if (platform === "linux") {
		try {
			const [stat, bootId] = await Promise.all([
				readFile(`/proc/${pid}/stat`, "latin1"),
				readFile("/proc/sys/kernel/random/boot_id", "utf8"),
			]);
			const row = readLinuxStat(stat);
			return row === null ? null : `${bootId.trim()}/${row.startTicks}`;
		} catch (error) {
			if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ESRCH")) {
				return null;
			}
			throw error;
		}
	}
	try {
		const [file, args] = startTimeCommand(pid, platform);
		const { stdout } = await run(file, [...args], { windowsHide: true });
		return stdout.trim().replaceAll(/\s+/g, " ") || null;
	} catch (error) {
		// `ps` ends with 1 where there is no such process.
		if (error instanceof Error && "code" in error && error.code === 1) {
			return null;
		}
		throw error;
	}
}
