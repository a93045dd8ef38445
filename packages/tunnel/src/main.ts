import type { ReadyMessage } from "@opta/contracts/schema/process-message";
import { pino, stdTimeFunctions } from "pino";
import { createDoor } from "./door/create-door.ts";
import { parseDoorSettings } from "./door/door-settings.ts";
import { readHostIdentity } from "./door/read-host-identity.ts";
import { environment } from "./env.ts";

/** The tunnel door as a process: the role `tunnel` of native-host. */

/** Open requests get this long after the process was told to stop. */
const stopGraceMs = 2000;

function fail(message: string): never {
	process.stderr.write(`${message}\n`);
	process.exit(1);
}

const parsed = parseDoorSettings(process.argv.slice(2), environment);
if (!parsed.ok) {
	fail(parsed.message);
}
const { host, port, stateDir, lmxUrl, allowedHosts } = parsed.settings;
const found = await readHostIdentity(stateDir);
if (!found.ok) {
	fail(found.message);
}

const logger = pino({ name: "tunnel", timestamp: stdTimeFunctions.isoTime });
const { server, close } = createDoor({ identity: found.identity, lmxUrl, allowedHosts, logger });

server.on("error", (error: NodeJS.ErrnoException) =>
	fail(
		error.code === "EADDRINUSE"
			? `Port ${port} (tunnel door) is in use by another program. Stop it, or choose another port with --port.`
			: `The tunnel door cannot listen on ${host}:${port}: ${error.message}`,
	),
);
server.listen(port, host, () => {
	const address = server.address();
	const listening = address !== null && typeof address === "object" ? address.port : port;
	logger.info({ hostId: found.identity.hostId, port: listening, lmxUrl }, "listening");
	const message: ReadyMessage = { type: "ready", port: listening };
	process.send?.(message);
});

let stopping = false;
async function stop(): Promise<void> {
	if (!stopping) {
		stopping = true;
		await close(stopGraceMs);
		process.exit(0);
	}
}
for (const event of ["SIGTERM", "SIGINT", "disconnect"] as const) {
	process.on(event, stop);
}
