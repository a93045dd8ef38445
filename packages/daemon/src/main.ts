import { parseArgs } from "node:util";
import type { ReadyMessage } from "@opta/contracts/schema/process-message";
import { configKeys, readSettingText } from "./config/config-keys.ts";
import { environment } from "./env.ts";
import { daemonExit } from "./lifecycle/daemon-exit.ts";
import { optaHome } from "./platform/opta-home.ts";
import { startDaemon } from "./start-daemon.ts";

/** The daemon as a process: started by `opta`, by the system at login, or as the role `daemon` of native-host. */

const help = `The Opta daemon: sessions of an agent, for many clients at once.

  --state-dir <folder>   everything of its user (default: OPTA_HOME, else ~/.config/opta)
  --port <number>        the one port to listen on, 0 for any free one (default: 9999, else 10000 to 10020)
  --set <name=value>     a setting, stronger than files and variables: --set connection.port=18001
  --background           goes on when the program that started it ends
  --help                 show this
`;

function leave(code: number, message: string): never {
	process.stderr.write(`${message}\n`);
	process.exit(code);
}

function readArguments() {
	try {
		const { values } = parseArgs({
			options: {
				"state-dir": { type: "string" },
				port: { type: "string" },
				set: { type: "string", multiple: true, default: [] },
				background: { type: "boolean", default: false },
				help: { type: "boolean", default: false },
			},
		});
		if (values.port !== undefined && !(/^\d{1,5}$/.test(values.port) && Number(values.port) <= 65_535)) {
			return leave(daemonExit.usage, `--port is "${values.port}"; it must be a whole number from 0 to 65535.`);
		}
		return values;
	} catch (error) {
		return leave(daemonExit.usage, `${error instanceof Error ? error.message : String(error)} See --help.`);
	}
}

/** `name=value` pairs as settings. */
function readSettings(pairs: readonly string[]): Record<string, unknown> {
	const settings: Record<string, unknown> = {};
	for (const pair of pairs) {
		const equals = pair.indexOf("=");
		const name = pair.slice(0, Math.max(0, equals));
		const key = configKeys().get(name);
		if (key === undefined) {
			return leave(daemonExit.usage, `--set ${pair}: there is no such setting. Write it as name=value, for example --set model=auto.`);
		}
		settings[name] = readSettingText(key, pair.slice(equals + 1));
	}
	return settings;
}

const values = readArguments();
if (values.help) {
	process.stdout.write(help);
	process.exit(daemonExit.stopped);
}
// The terminal may be gone before this process is; then there is nobody to tell.
for (const stream of [process.stdout, process.stderr]) {
	stream.on("error", () => undefined);
}
const started = await startDaemon({
	home: values["state-dir"] ?? optaHome(environment),
	...(values.port === undefined ? {} : { port: Number(values.port) }),
	environment,
	settings: readSettings(values.set),
});
if (!started.ok) {
	leave(started.reason === "already_running" ? daemonExit.alreadyRunning : daemonExit.failed, started.message);
}
const { daemon } = started;
for (const signal of ["SIGTERM", "SIGINT"] as const) {
	process.on(signal, () => void daemon.stop(0));
}
if (values.background) {
	process.on("SIGHUP", () => undefined);
} else {
	process.on("SIGHUP", () => void daemon.stop(0));
	process.on("disconnect", () => void daemon.stop(0));
}
const ready: ReadyMessage = { type: "ready", port: daemon.port };
if (process.send === undefined) {
	process.stdout.write(`The daemon listens on ${daemon.baseUrl}.\n`);
} else {
	process.send(ready);
}
await daemon.stopped;
process.exit(daemonExit.stopped);
