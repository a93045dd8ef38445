import path from "node:path";
import { parseArgs } from "node:util";
import { defaultPorts } from "@opta/contracts/ports";
import { z } from "zod";
import { defaultStateDir, type Places, placesFor } from "../config/default-places.ts";
import { backends } from "../engine/library/platform-build.ts";

function wholeNumber(min: number, max: number) {
	const problem = `must be a whole number from ${min} to ${max}`;
	return z
		.string()
		.regex(/^\d+$/, problem)
		.transform(Number)
		.refine((value) => value >= min && value <= max, problem);
}

const names = z.string().transform((text) =>
	text
		.split(",")
		.map((name) => name.trim().toLowerCase())
		.filter((name) => name !== ""),
);

const path_ = z
	.string()
	.min(1, "must not be empty")
	.transform((text) => path.resolve(text));

/** Every setting: its flag, what stands for the value in the help, its schema and what it means. */
const specs = {
	config: {
		value: "file",
		schema: path_,
		text: "configuration (default: ~/.opta-lmx/config.yaml, or lmx/config.yaml in the state folder)",
	},
	host: { value: "address", schema: z.string().min(1, "must not be empty"), text: "address to listen on (default: 127.0.0.1)" },
	port: { value: "number", schema: wholeNumber(0, 65_535), text: `port to listen on, 0 for any free one (default: ${defaultPorts.lmx})` },
	"state-dir": {
		value: "folder",
		schema: path_,
		text: "state; where it is given, nothing is written outside of it (default: ~/.config/opta)",
	},
	model: {
		value: "name or file",
		schema: z.string().min(1, "must not be empty"),
		text: "default model: a name, or a GGUF file (default: the catalogue's)",
	},
	"model-dir": {
		value: "folder",
		schema: path_,
		text: "where models are (default: the platform's data folder, or models in the state folder)",
	},
	"web-dir": { value: "folder", schema: path_, text: "pages shown at / (default: none)" },
	"context-tokens": {
		value: "number",
		schema: wholeNumber(64, 10_000_000),
		text: "length of the context (default: the model's, at most 8192)",
	},
	sequences: { value: "number", schema: wholeNumber(1, 64), text: "answers at the same time (default: 8)" },
	"queue-limit": { value: "number", schema: wholeNumber(0, 10_000), text: "requests that may wait (default: 64)" },
	"step-budget-ms": {
		value: "number",
		schema: wholeNumber(10, 10_000),
		text: "longest pause of running answers while prompts are read (default: 150, more on slow machines)",
	},
	threads: { value: "number", schema: wholeNumber(1, 512), text: "threads of the model (default: measured)" },
	backend: {
		value: "name",
		schema: z.enum(backends, `must be one of ${backends.join(", ")}`),
		text: `${backends.join(", ")} (default: auto)`,
	},
	"allowed-hosts": { value: "names", schema: names, text: "further names that LMX answers to, with commas between" },
	"log-level": {
		value: "name",
		schema: z.enum(["debug", "info", "warn", "error"], "must be one of debug, info, warn, error"),
		text: "debug, info, warn, error (default: info)",
	},
} as const;

type Flag = keyof typeof specs;

const flags = Object.keys(specs) as Flag[];

/** What flags and variables say; undefined where they say nothing. Paths are absolute. */
export interface LmxOptions extends Places {
	readonly host: string | undefined;
	readonly port: number | undefined;
	readonly model: string | undefined;
	/** Given by a flag or variable, not the platform's. */
	readonly hasOwnModelDir: boolean;
	readonly webDir: string | null;
	readonly contextTokens: number | undefined;
	readonly sequences: number | undefined;
	readonly queueLimit: number | undefined;
	readonly stepBudgetMs: number | null;
	readonly threads: number | undefined;
	readonly backend: z.infer<typeof specs.backend.schema>;
	readonly allowedHosts: readonly string[];
	readonly logLevel: z.infer<(typeof specs)["log-level"]["schema"]>;
	/** Token of Hugging Face for private models, from `HF_TOKEN`. */
	readonly hfToken: string | undefined;
	/** Address of Hugging Face or of a server that speaks its API, from `HF_ENDPOINT`. */
	readonly hubUrl: string;
}

const usualHubUrl = "https://huggingface.co";

/** The environment variable of a flag. */
function variableOf(flag: Flag): string {
	return `OPTA_LMX_${flag.replaceAll("-", "_").toUpperCase()}`;
}

/** Text of `--help`. */
export function helpText(): string {
	const lines = flags.map((flag) => {
		const { value, text } = specs[flag];
		return `  --${flag} <${value}>`.padEnd(32) + text;
	});
	return [
		"LMX, the inference server of Opta Local. Every flag is an environment variable too: --state-dir is OPTA_LMX_STATE_DIR.",
		"",
		...lines,
		`${"  --help".padEnd(32)}show this`,
		"",
	].join("\n");
}

/** Options, a wish for help, or the first mistake as one line. */
export type ParsedOptions =
	| { readonly kind: "options"; readonly options: LmxOptions }
	| { readonly kind: "help" }
	| { readonly kind: "mistake"; readonly message: string };

function readFlags(args: readonly string[]): { values: Record<string, string | boolean | undefined> } | { mistake: string } {
	try {
		const options = Object.fromEntries([
			...flags.map((flag) => [flag, { type: "string" }] as const),
			["help", { type: "boolean" }] as const,
		]);
		return { values: parseArgs({ args: [...args], options }).values as Record<string, string | boolean | undefined> };
	} catch (error) {
		const [sentence] = (error instanceof Error ? error.message : String(error)).split(". ");
		return { mistake: `${sentence?.replace(/\.$/, "")}. See --help.` };
	}
}

/** Reads flags, then variables. An empty variable counts as not set. */
export function parseOptions(args: readonly string[], environment: Readonly<Record<string, string | undefined>>): ParsedOptions {
	const read = readFlags(args);
	if ("mistake" in read) {
		return { kind: "mistake", message: read.mistake };
	}
	if (read.values.help === true) {
		return { kind: "help" };
	}
	const given = new Map<Flag, unknown>();
	for (const flag of flags) {
		const value = read.values[flag] ?? (environment[variableOf(flag)] || undefined);
		if (value === undefined) {
			continue;
		}
		const parsed = specs[flag].schema.safeParse(value);
		if (!parsed.success) {
			const source = read.values[flag] === undefined ? variableOf(flag) : `--${flag}`;
			return { kind: "mistake", message: `${source} ${parsed.error.issues[0]?.message}, but it is "${String(value)}".` };
		}
		given.set(flag, parsed.data);
	}
	const get = <F extends Flag>(flag: F): z.output<(typeof specs)[F]["schema"]> | undefined =>
		given.get(flag) as z.output<(typeof specs)[F]["schema"]> | undefined;
	const hubUrl = environment.HF_ENDPOINT || usualHubUrl;
	if (!URL.canParse(hubUrl) || !/^https?:/.test(hubUrl)) {
		return { kind: "mistake", message: `HF_ENDPOINT must be an http or https address, but it is "${hubUrl}".` };
	}
	const stateDir = path.resolve(get("state-dir") ?? (environment.OPTA_HOME || defaultStateDir()));
	const places = placesFor(stateDir, environment.XDG_DATA_HOME);
	return {
		kind: "options",
		options: {
			stateDir,
			configFile: get("config") ?? places.configFile,
			modelDir: get("model-dir") ?? places.modelDir,
			hasOwnModelDir: given.has("model-dir"),
			host: get("host"),
			port: get("port"),
			model: get("model"),
			webDir: get("web-dir") ?? null,
			contextTokens: get("context-tokens"),
			sequences: get("sequences"),
			queueLimit: get("queue-limit"),
			stepBudgetMs: get("step-budget-ms") ?? null,
			threads: get("threads"),
			backend: get("backend") ?? "auto",
			allowedHosts: get("allowed-hosts") ?? [],
			logLevel: get("log-level") ?? "info",
			hfToken: environment.HF_TOKEN || undefined,
			hubUrl,
		},
	};
}
