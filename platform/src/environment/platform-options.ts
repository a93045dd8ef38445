import { homedir } from "node:os";
import path from "node:path";
import { defaultPorts } from "@opta/contracts/ports";

/** What one machine's platform is started with. */
export interface PlatformOptions {
	/** State folder: secrets, database, host identity, logs. */
	readonly home: string;
	/** The sites listen on `portBase + 1` … `portBase + 8`. */
	readonly portBase: number;
	readonly supabasePort: number;
	readonly mailboxPort: number;
	readonly lmxPort: number;
	readonly doorPort: number;
	/** Catalogue name or GGUF path; null for the catalogue's default. */
	readonly model: string | null;
	/** How often the status site asks the other parts; null for its own default of 30 s. */
	readonly statusIntervalMs: number | null;
}

/** One setting of `npm start`: its flag, its variable, what it means. */
export interface OptionSpec {
	readonly key: keyof PlatformOptions;
	readonly flag: string;
	readonly variable: string;
	readonly description: string;
	readonly fallback: string | null;
}

const port = (key: keyof PlatformOptions, flag: string, variable: string, description: string, fallback: number): OptionSpec => ({
	key,
	flag,
	variable,
	description,
	fallback: String(fallback),
});

/** Every setting of `npm start`, in the order of `--help`. */
export const optionSpecs: readonly OptionSpec[] = [
	{
		key: "home",
		flag: "state-dir",
		variable: "OPTA_HOME",
		description: "folder for secrets, database and logs",
		fallback: path.join(homedir(), ".config", "opta"),
	},
	port("portBase", "port-base", "OPTA_PORT_BASE", "the eight sites listen on the ports after it", defaultPorts.siteBase),
	port("supabasePort", "supabase-port", "OPTA_SUPABASE_PORT", "port of the embedded Supabase", defaultPorts.supabaseApi),
	port("mailboxPort", "mailbox-port", "OPTA_MAILBOX_PORT", "port of the mailbox page", defaultPorts.mailbox),
	port("lmxPort", "lmx-port", "OPTA_LMX_PORT", "port of the inference server", defaultPorts.lmx),
	port("doorPort", "door-port", "OPTA_DOOR_PORT", "port of the tunnel door", defaultPorts.door),
	{
		key: "model",
		flag: "model",
		variable: "OPTA_MODEL",
		description: "model to load: a catalogue name or a GGUF file (default: the catalogue's)",
		fallback: null,
	},
	{
		key: "statusIntervalMs",
		flag: "status-interval-ms",
		variable: "OPTA_STATUS_INTERVAL_MS",
		description: "how often the status site asks the other parts (default: 30000)",
		fallback: null,
	},
];

/** Settings by flag name or variable name; undefined where not given. */
export type OptionSource = Readonly<Record<string, string | undefined>>;

function readNumber(spec: OptionSpec, text: string, origin: string): number | string {
	const value = Number(text);
	const [lowest, highest] = spec.key === "statusIntervalMs" ? [250, 3_600_000] : [1024, spec.key === "portBase" ? 65_000 : 65_535];
	return /^\d+$/.test(text) && value >= lowest && value <= highest
		? value
		: `${origin} is "${text}"; it must be a whole number from ${lowest} to ${highest}.`;
}

/** Resolves the settings: flags before environment before `.env` before defaults. The error is one line for a person. */
export function resolvePlatformOptions(
	flags: OptionSource,
	environment: OptionSource,
	dotEnv: OptionSource,
): { readonly ok: true; readonly options: PlatformOptions } | { readonly ok: false; readonly message: string } {
	const values: Record<string, string | number | null> = {};
	for (const spec of optionSpecs) {
		const [text, origin] =
			flags[spec.flag] !== undefined
				? [flags[spec.flag], `--${spec.flag}`]
				: environment[spec.variable] !== undefined
					? [environment[spec.variable], spec.variable]
					: [dotEnv[spec.variable] ?? spec.fallback, `${spec.variable} in .env`];
		if (text === undefined || text === null || spec.key === "model" || spec.key === "home") {
			values[spec.key] = text ?? null;
			continue;
		}
		const parsed = readNumber(spec, text, origin);
		if (typeof parsed === "string") {
			return { ok: false, message: parsed };
		}
		values[spec.key] = parsed;
	}
	const options: PlatformOptions = {
		home: path.resolve(String(values.home)),
		portBase: Number(values.portBase),
		supabasePort: Number(values.supabasePort),
		mailboxPort: Number(values.mailboxPort),
		lmxPort: Number(values.lmxPort),
		doorPort: Number(values.doorPort),
		model: values.model === null ? null : String(values.model),
		statusIntervalMs: values.statusIntervalMs === null ? null : Number(values.statusIntervalMs),
	};
	return { ok: true, options };
}
