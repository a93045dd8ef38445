import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { processTree } from "@opta/platform/spawned/process-tree";
import { spawnPlatform } from "@opta/platform/spawned/spawn-platform";
import { processName, pssBytes } from "./process-memory.ts";

/** `npm run bench:platform`: time until all parts are healthy at a first and a second start, and memory of each process when idle. */
const idleMs = 20_000;
const home = mkdtempSync(path.join(tmpdir(), "opta-bench-"));
const first = await spawnPlatform({ "state-dir": home });
await first.stop();
const second = await spawnPlatform({ "state-dir": home });
await wait(idleMs);
const rows = processTree(second.pid).map(({ pid, command }) => ({ name: processName(pid, command), pss: pssBytes(pid) ?? 0 }));
await second.stop();
rmSync(home, { recursive: true, force: true });

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0).padStart(6);
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
process.stdout.write(`\n${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}\n`);
process.stdout.write(
	`all parts healthy after ${seconds(first.startedInMs)} with a new state folder, ${seconds(second.startedInMs)} with its own`,
);
process.stdout.write(" (bar: under 25 s when built)\n\n  PSS MB  process\n");
for (const row of rows.toSorted((a, b) => b.pss - a.pss)) {
	process.stdout.write(`  ${megabytes(row.pss)}  ${row.name}\n`);
}
const total = rows.reduce((sum, row) => sum + row.pss, 0);
process.stdout.write(`  ${megabytes(total)}  in all, ${idleMs / 1000} s after the start (bar: under 2200)\n`);
