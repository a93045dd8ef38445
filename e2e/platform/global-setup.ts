import { spawnPlatform } from "@opta/platform/spawned/spawn-platform";
import { publishPlatform } from "./env.ts";

/** Starts a platform of its own for all browser tests; the returned function stops it. */
export default async function startPlatform(): Promise<() => Promise<void>> {
	const { stop, ...platform } = await spawnPlatform({ "status-interval-ms": "1000" });
	publishPlatform(platform);
	return stop;
}
