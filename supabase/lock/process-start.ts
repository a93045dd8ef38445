import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** True when a process with this id runs, whoever it belongs to. */
export function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error instanceof Error && "code" in error && error.code === "EPERM";
	}
}

const ended = "ended";

function linuxStart(pid: number): string {
	// Fields of proc_pid_stat(5) count from after the name, which may hold spaces and brackets: 3 is the state, 22 the start
	// in clock ticks since the machine's.
	const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
	return fields[0] === "Z" || fields[0] === "X" ? ended : `${boot}:${fields[19]}`;
}

function unixStart(pid: number): string | null {
	const output = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
		encoding: "utf8",
		env: { LC_ALL: "C", TZ: "UTC" },
		stdio: ["ignore", "pipe", "ignore"],
	});
	const [state, ...start] = output.trim().split(/\s+/);
	return state?.startsWith("Z") === true ? ended : start.join(" ") || null;
}

/**
 * A text that is the same for a process all its life and different for a later process with the same id, also for one
 * that has ended and is only not yet collected. Null where the platform does not tell, or the process is gone.
 */
export function processStart(pid: number): string | null {
	try {
		if (process.platform === "linux") {
			return linuxStart(pid);
		}
		return process.platform === "win32" ? null : unixStart(pid);
	} catch {
		return null;
	}
}
