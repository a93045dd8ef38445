import type { ProtectedPath } from "./protected-paths.ts";
import type { Command, SandboxPolicy } from "./sandbox.ts";

/** What is protected, as it is on the disk now. */
export interface Protection {
	/** Neither read nor written. */
	readonly hidden: readonly ProtectedPath[];
	/** Read, not written. */
	readonly held: readonly ProtectedPath[];
}

interface Mount {
	readonly path: string;
	readonly args: readonly string[];
}

/** Sockets of services lie under `/run`, so nothing of it is seen but what programs need to be found and names to be looked up. */
const runFolders = ["/run/systemd/resolve", "/run/current-system", "/run/opengl-driver"];

/**
 * Arguments of bwrap(1): everything readable, only the workspace and a folder for temporary files writable, processes of
 * its own that end with the daemon, no rights of root, and no network where the policy says so. Mounts go from the root
 * downwards, so that what is deeper holds; of the same path the later one.
 */
export function bubblewrapArguments(command: Command, policy: SandboxPolicy, protection: Protection): string[] {
	const mounts: Mount[] = [
		{ path: "/", args: ["--ro-bind", "/", "/"] },
		{ path: "/dev", args: ["--dev", "/dev"] },
		{ path: "/proc", args: ["--proc", "/proc"] },
		{ path: "/run", args: ["--tmpfs", "/run"] },
		...runFolders.map((folder) => ({ path: folder, args: ["--ro-bind-try", folder, folder] })),
		{ path: "/tmp", args: ["--bind", policy.tmp, "/tmp"] },
		{ path: "/var/tmp", args: ["--bind", policy.tmp, "/var/tmp"] },
		{ path: policy.workspace, args: ["--bind", policy.workspace, policy.workspace] },
		...protection.held.map((one) => ({ path: one.path, args: ["--ro-bind", one.path, one.path] })),
		...protection.hidden.map((one) => ({
			path: one.path,
			args: one.folder ? ["--tmpfs", one.path, "--remount-ro", one.path] : ["--ro-bind", "/dev/null", one.path],
		})),
	];
	const depth = (place: string): number => (place === "/" ? 0 : place.split("/").length);
	const last = [...new Map(mounts.map((mount) => [mount.path, mount])).values()];
	return [
		...["--unshare-user", "--unshare-pid", "--unshare-ipc", "--die-with-parent", "--cap-drop", "ALL"],
		...(policy.network ? [] : ["--unshare-net"]),
		...last.toSorted((a, b) => depth(a.path) - depth(b.path)).flatMap((mount) => mount.args),
		...["--", command.file, ...command.args],
	];
}
