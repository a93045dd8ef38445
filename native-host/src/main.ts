import { readClaimCommandLine } from "./claim/claim-command-line.ts";
import { environment } from "./env.ts";
import { stopSignal } from "./host/parent-process.ts";
import { runHost } from "./host/run-host.ts";
import { readCommandLine } from "./options/command-line.ts";
import { resolveHostOptions } from "./options/host-options.ts";

/** `npm run host`: the process of a host, and `npm run host -- claim`. Exit codes: 0 told to stop or claimed, 1 could not, 2 wrong usage, 130 claim stopped. */

// The terminal may be gone before this process is; then there is nobody to tell.
for (const stream of [process.stdout, process.stderr]) {
	stream.on("error", () => undefined);
}

function refuseUsage(message: string): never {
	process.stderr.write(`${message}\n`);
	process.exit(2);
}

const [command, ...rest] = process.argv.slice(2);
// npm runs scripts in the repository's folder; paths are meant from where the user called it.
const workingFolder = environment.INIT_CWD ?? process.cwd();
const claim = command === "claim" ? readClaimCommandLine(rest, { environment, workingFolder }) : null;
const asked = claim ?? readCommandLine(process.argv.slice(2));
if (asked.kind === "help") {
	process.stdout.write(asked.text);
	process.exit(0);
}
if (asked.kind === "wrong") {
	refuseUsage(asked.message);
}
if (asked.kind === "claim") {
	// Loaded only here: the supervisor stays small.
	const { runClaim } = await import("./claim/run-claim.ts");
	process.exit(await runClaim(asked, { output: process.stdout, errors: process.stderr, signal: stopSignal() }));
}
const resolved = resolveHostOptions({ flags: asked.flags, environment, workingFolder });
if (!resolved.ok) {
	refuseUsage(resolved.message);
}
process.exit(await runHost(resolved.options));
