import { api } from "@opta/contracts/build";
import type { DaemonHealth } from "@opta/contracts/schema/daemon-status";

function numbersOf(build: string): readonly number[] {
	return (build.split(/[-+]/)[0] ?? "").split(".").map((part) => Number.parseInt(part, 10) || 0);
}

/** Below 0 where the first build is older, above where it is newer (Semantic Versioning's order of releases). */
export function compareBuilds(first: string, second: string): number {
	const [a, b] = [numbersOf(first), numbersOf(second)];
	for (let index = 0; index < Math.max(a.length, b.length); index++) {
		const difference = (a[index] ?? 0) - (b[index] ?? 0);
		if (difference !== 0) {
			return difference;
		}
	}
	return 0;
}

/** What a program does with a daemon that it finds: use it, have it replaced by a newer one, or say that it is itself too old. */
export type SkewVerdict = "use" | "replace" | "too_new";

/** Newest wins: an older daemon is replaced, a newer one is used while it still speaks this program's version. */
export function judgeSkew(own: string, daemon: Pick<DaemonHealth, "build" | "oldestApi">): SkewVerdict {
	if (daemon.oldestApi.daemon > api.daemon) {
		return "too_new";
	}
	return compareBuilds(daemon.build, own) < 0 ? "replace" : "use";
}
