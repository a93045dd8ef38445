import { cpus } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { processTree } from "@opta/platform/spawned/process-tree";
import { spawnPlatform } from "@opta/platform/spawned/spawn-platform";
import { processName, pssBytes } from "./process-memory.ts";

/** `npm run bench:platform`: time until all parts are healthy, and memory of each process when idle. */
const idleMs = 20_000;
const platform = await spawnPlatform();
await wait(idleMs);
const rows = processTree(platform.pid).map((found) => ({ name: processName(found.command), pss: pssBytes(found.pid) ?? 0 }));
await platform.stop();

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0).padStart(6);
process.stdout.write(`\n${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}\n`);
process.stdout.write(
	`all parts healthy after ${(platform.startedInMs / 1000).toFixed(1)} s (bar: under 25 s when built)\n\n  PSS MB  process\n`,
);
for (const row of rows.toSorted((a, b) => b.pss - a.pss)) {
	process.stdout.write(`  ${megabytes(row.pss)}  ${row.name}\n`);
}
const total = rows.reduce((sum, row) => sum + row.pss, 0);
process.stdout.write(`  ${megabytes(total)}  in all, ${idleMs / 1000} s after the start (bar: under 2200)\n`);
