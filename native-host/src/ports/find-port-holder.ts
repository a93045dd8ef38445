import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { listeningInodes } from "./proc-net-tcp.ts";

/** Who listens on a port. */
export interface PortHolder {
	readonly pid: number;
	/** The command line, shortened. */
	readonly command: string;
}

const maxCommandChars = 80;

/** Unreadable entries (another user's process, one that just ended) count as absent. */
async function readOrNull(file: string): Promise<string | null> {
	return readFile(file, "utf8").catch(() => null);
}

function shorten(command: string): string {
	const oneLine = command.replaceAll("\0", " ").trim();
	return oneLine.length > maxCommandChars ? `${oneLine.slice(0, maxCommandChars - 1)}…` : oneLine;
}

async function holdsSocket(pid: string, sockets: ReadonlySet<string>): Promise<boolean> {
	const folder = `/proc/${pid}/fd`;
	const descriptors = await readdir(folder).catch(() => []);
	const targets = await Promise.all(descriptors.map((name) => readlink(path.join(folder, name)).catch(() => "")));
	return targets.some((target) => sockets.has(target));
}

async function findOnLinux(port: number): Promise<PortHolder | null> {
	const tables = await Promise.all(["/proc/net/tcp", "/proc/net/tcp6"].map(readOrNull));
	const sockets = new Set(tables.flatMap((table) => listeningInodes(table ?? "", port)).map((inode) => `socket:[${inode}]`));
	if (sockets.size === 0) {
		return null;
	}
	for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
		if (await holdsSocket(pid, sockets)) {
			return { pid: Number(pid), command: shorten((await readOrNull(`/proc/${pid}/cmdline`)) ?? "") };
		}
	}
	return null;
}

async function findOnMac(port: number): Promise<PortHolder | null> {
	const run = promisify(execFile);
	const found = await run("lsof", ["-nP", "-t", `-iTCP:${port}`, "-sTCP:LISTEN"]).catch(() => null);
	const pid = Number(found?.stdout.split("\n")[0]);
	if (!Number.isInteger(pid) || pid <= 0) {
		return null;
	}
	const process = await run("ps", ["-o", "command=", "-p", String(pid)]).catch(() => null);
	return { pid, command: shorten(process?.stdout ?? "") };
}

/** Names the process that listens on a TCP port; null when nobody does or the system does not tell (another user's process). */
export async function findPortHolder(port: number): Promise<PortHolder | null> {
	if (process.platform === "linux") {
		return findOnLinux(port);
	}
	return process.platform === "darwin" ? findOnMac(port) : null;
}
