import { environment } from "./env.ts";
import { runHost } from "./host/run-host.ts";
import { readCommandLine } from "./options/command-line.ts";
import { resolveHostOptions } from "./options/host-options.ts";

/** `npm run host`: the process of a host. Exit codes: 0 told to stop, 1 could not run, 2 wrong usage. */

// The terminal may be gone before this process is; then there is nobody to tell.
for (const stream of [process.stdout, process.stderr]) {
	stream.on("error", () => undefined);
}

function refuseUsage(message: string): never {
	process.stderr.write(`${message}\n`);
	process.exit(2);
}

const asked = readCommandLine(process.argv.slice(2));
if (asked.kind === "help") {
	process.stdout.write(asked.text);
	process.exit(0);
}
if (asked.kind === "wrong") {
	refuseUsage(asked.message);
}
// npm runs scripts in the repository's folder; paths are meant from where the user called it.
const workingFolder = environment.INIT_CWD ?? process.cwd();
const resolved = resolveHostOptions({ flags: asked.flags, environment, workingFolder });
if (!resolved.ok) {
	refuseUsage(resolved.message);
}
process.exit(await runHost(resolved.options));
