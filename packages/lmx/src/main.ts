import { setTimeout as delay } from "node:timers/promises";
import type { ReadyMessage } from "@opta/contracts/schema/process-message";
import { destination } from "pino";
import { environment } from "./env.ts";
import { createLogger } from "./logs/create-logger.ts";
import { LogBook } from "./logs/log-book.ts";
import { helpText, parseOptions } from "./options/lmx-options.ts";
import { startLmx } from "./start-lmx.ts";

/** The inference server as a process: the role `lmx` of native-host. */

/** A large model may load for minutes; after this time the process counts as started all the same. */
const readyAtLatestMs = 20_000;

function fail(message: string): never {
	process.stderr.write(`${message}\n`);
	process.exit(1);
}

const parsed = parseOptions(process.argv.slice(2), environment);
if (parsed.kind === "help") {
	process.stdout.write(helpText());
	process.exit(0);
}
if (parsed.kind === "mistake") {
	fail(parsed.message);
}
const book = new LogBook();
const logger = createLogger(parsed.options.logLevel, book, destination(1));
const started = await startLmx(parsed.options, logger, book).catch((error: unknown) =>
	fail(`The inference server could not start: ${String(error)}`),
);
if (!started.ok) {
	fail(started.message);
}
const { lmx } = started;
if (lmx.newAdminKey !== null && process.stderr.isTTY) {
	process.stderr.write(`The admin key of this host, shown this once: ${lmx.newAdminKey}\n`);
}

let isStopping = false;
async function stop(): Promise<void> {
	if (!isStopping) {
		isStopping = true;
		await lmx.close();
		process.exit(0);
	}
}
for (const event of ["SIGTERM", "SIGINT", "disconnect"] as const) {
	process.on(event, stop);
}
process.on("SIGHUP", () => lmx.reload());

// Nothing is waited for: a reader that keeps its connection must not let a server without a model count as started.
const loaded = lmx.modelLoaded.then((failure) => {
	if (failure !== null && !isStopping) {
		fail(failure);
	}
});
await Promise.race([loaded, delay(readyAtLatestMs, undefined, { ref: false })]);
const message: ReadyMessage = { type: "ready", port: lmx.port };
process.send?.(message);
