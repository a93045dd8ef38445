import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { OptaPlatform } from "../platform/opta-home.ts";

/** A process as the system tells it. */
export interface ProcessRow {
	readonly pid: number;
	readonly parentPid: number;
	/** Leader of its group; its own pid where the system has no groups. */
	readonly groupId: number;
	/** When it started, in the system's own words: the same pid with another start is another process. */
	readonly startedAt: string;
	/** Arguments and, where the system shows them, variables: searched for marks. */
	readonly text: string;
}

const run = promisify(execFile);

/** One line of `/proc/<pid>/stat` (proc_pid_stat(5)); null for a process that has ended and only waits to be collected. */
export function readLinuxStat(stat: string): (Omit<ProcessRow, "text" | "startedAt"> & { readonly startTicks: string }) | null {
	// The name in parentheses may hold spaces and parentheses itself.
	const nameEnd = stat.lastIndexOf(")");
	const pid = Number.parseInt(stat, 10);
	const fields = stat.slice(nameEnd + 2).split(" ");
	const [state, parent, group] = fields;
	const startTicks = fields[19];
	if (nameEnd < 0 || state === undefined || startTicks === undefined || state === "Z" || state === "X") {
		return null;
	}
	return { pid, parentPid: Number(parent), groupId: Number(group), startTicks };
}

/** Lines of `ps -o pid=,ppid=,pgid=,stat=,lstart=,command=` (macOS). */
export function readPsLines(output: string): ProcessRow[] {
	const rows: ProcessRow[] = [];
	for (const line of output.split("\n")) {
		const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d{4})\s+(.*)$/.exec(line);
		if (match?.[1] !== undefined && match[4]?.startsWith("Z") === false) {
			rows.push({
				pid: Number(match[1]),
				parentPid: Number(match[2]),
				groupId: Number(match[3]),
				startedAt: (match[5] ?? "").replaceAll(/\s+/g, " "),
				text: match[6] ?? "",
			});
		}
	}
	return rows;
}

/** What PowerShell's `ConvertTo-Json` makes of `Win32_Process`. */
export function readWindowsProcesses(json: string): ProcessRow[] {
	const parsed: unknown = json.trim() === "" ? [] : JSON.parse(json);
	const list = Array.isArray(parsed) ? parsed : [parsed];
	return list.map((entry: Record<string, unknown>) => ({
		pid: Number(entry.ProcessId),
		parentPid: Number(entry.ParentProcessId),
		groupId: Number(entry.ProcessId),
		startedAt: String(entry.Started ?? ""),
		text: String(entry.CommandLine ?? ""),
	}));
}

const windowsQuery =
	"Get-CimInstance Win32_Process | Select-Object ProcessId,ParentProcessId,CommandLine,@{n='Started';e={$_.CreationDate.ToFileTimeUtc()}} | ConvertTo-Json -Compress";

async function readLinuxRow(pid: string, bootId: string, withText: boolean): Promise<ProcessRow | null> {
	try {
		const row = readLinuxStat(await readFile(`/proc/${pid}/stat`, "latin1"));
		if (row === null) {
			return null;
		}
		const { startTicks, ...rest } = row;
		// Of other users' processes nothing but the numbers can be read.
		const text = withText ? await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "") : "";
		return { ...rest, startedAt: `${bootId}/${startTicks}`, text };
	} catch {
		// It ended between the listing and the reading.
		return null;
	}
}

/** Every process that runs now. `withText` reads their arguments or variables too, which costs more. */
export async function readProcessTable(platform: OptaPlatform, withText: boolean): Promise<ProcessRow[]> {
	if (platform === "win32") {
		const { stdout } = await run("powershell.exe", ["-NoProfile", "-NonInteractive", "-Command", windowsQuery], {
			maxBuffer: 64 * 1024 * 1024,
			windowsHide: true,
		});
		return readWindowsProcesses(stdout);
	}
	if (platform === "darwin") {
		const flags = withText ? ["-A", "-E", "-ww"] : ["-A"];
		const { stdout } = await run("ps", [...flags, "-o", "pid=,ppid=,pgid=,stat=,lstart=,command="], { maxBuffer: 64 * 1024 * 1024 });
		return readPsLines(stdout);
	}
	const [names, bootId] = await Promise.all([readdir("/proc"), readFile("/proc/sys/kernel/random/boot_id", "utf8")]);
	const pids = names.filter((name) => /^\d+$/.test(name));
	const rows = await Promise.all(pids.map((pid) => readLinuxRow(pid, bootId.trim(), withText)));
	return rows.filter((row) => row !== null);
}
