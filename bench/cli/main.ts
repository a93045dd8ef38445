import { spawnSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { median } from "../median.ts";
import { measureOverhead } from "./measure-overhead.ts";

/** `npm run bench:cli`: how long `opta --version` takes as published, and what `opta do` adds to a request of its model. */
const starts = 21;
const bars = { versionMs: 120, overheadMs: 60 };
const at = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

function timeProgram(file: string): number {
	const startedAt = performance.now();
	const { status } = spawnSync(process.execPath, [file, "--version"], { stdio: "ignore" });
	if (status !== 0) {
		throw new Error(`${file} --version ended with ${status}.`);
	}
	return performance.now() - startedAt;
}

const built = spawnSync(process.execPath, [at("../../packages/cli/build/main.ts")], { encoding: "utf8" });
if (built.status !== 0) {
	throw new Error(`The package could not be built: ${built.stderr}`);
}
const program = `${built.stdout.trim()}/opta.js`;
timeProgram(program);
const versionMs = median(Array.from({ length: starts }, () => timeProgram(program)));
const { bareMs, doMs } = await measureOverhead();
const overheadMs = doMs - bareMs;

process.stdout.write(
	`\n${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}\n`,
);
process.stdout.write(`opta --version, as published, median of ${starts}: ${versionMs.toFixed(0)} ms (bar: under ${bars.versionMs})\n`);
process.stdout.write(
	`opta do ${doMs.toFixed(1)} ms, bare request ${bareMs.toFixed(1)} ms: adds ${overheadMs.toFixed(1)} ms (bar: under ${bars.overheadMs}; medians, process start apart)\n`,
);
process.exit(versionMs < bars.versionMs && overheadMs < bars.overheadMs ? 0 : 1);
