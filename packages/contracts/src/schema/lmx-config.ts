import { z } from "zod";
import { keepAliveSchema } from "./lmx-chat.ts";

const unitBytes = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 } as const;
const sizePattern = /^(\d+(?:\.\d+)?)\s*(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$/;
const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;

/** A size such as `24GB` or `512MiB`, in bytes. */
export const byteSizeSchema = z
	.string()
	.regex(sizePattern, 'must be a size such as "24GB" or "512MiB"')
	.transform((text) => {
		const [, number = "0", unit = "B"] = sizePattern.exec(text) ?? [];
		return Math.round(Number(number) * unitBytes[unit as keyof typeof unitBytes]);
	});

/** A duration such as `90s` or `5m`, in milliseconds. */
export const durationSchema = z
	.string()
	.regex(durationPattern, 'must be a duration such as "500ms", "90s" or "5m"')
	.transform((text) => {
		const [, number = "0", unit = "s"] = durationPattern.exec(text) ?? [];
		return Math.round(Number(number) * unitMs[unit as keyof typeof unitMs]);
	});

/** Engines that run a model on this machine: libllama in a child process, or `mlx_lm.server`. */
export const engineKinds = ["libllama", "mlx"] as const;

/** How a model is run; what is left out is as under `defaults`, or as the engine thinks best. */
export const modelOptionsSchema = z.strictObject({
	/** Length of the context in tokens; all sequences share it. */
	contextTokens: z.int().min(64).max(10_000_000).optional(),
	/** Answers at the same time. */
	sequences: z.int().min(1).max(64).optional(),
	/** Layers of the model on the graphics card; all that fit when left out. */
	gpuLayers: z.int().min(0).max(10_000).optional(),
	/** Measured when left out. */
	threads: z.int().min(1).max(512).optional(),
	/** How long the model stays after its last request; -1: for ever. */
	keepAlive: keepAliveSchema.optional(),
	/** Loaded at the start and never unloaded by itself. */
	pin: z.boolean().optional(),
	/** Tokens that are drafted and then checked all at once: by a smaller model, or from the prompt. */
	speculation: z.union([z.strictObject({ draft: z.string().min(1) }), z.strictObject({ promptLookup: z.literal(true) })]).optional(),
	engine: z.enum(engineKinds).optional(),
});

const nameSchema = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, dashes or underscores");

/** Another server that runs models: any that speaks the OpenAI API, or `mlx_lm.server`, which LMX starts itself where it has no address. */
export const engineSchema = z
	.strictObject({
		name: nameSchema,
		kind: z.enum(["openai", "mlx"]),
		/** Address up to and without `/chat/completions`, such as `http://10.0.0.5:8000/v1`. */
		baseUrl: z.url({ protocol: /^https?$/ }).optional(),
		/** File that holds the key, or the environment variable that does. */
		apiKeyFile: z.string().min(1).optional(),
		apiKeyEnv: z
			.string()
			.regex(/^[A-Z][A-Z0-9_]*$/)
			.optional(),
		/** Names of its models; asked from the server when left out. */
		models: z.array(z.string().min(1)).min(1).optional(),
	})
	.refine(({ kind, baseUrl }) => kind !== "openai" || baseUrl !== undefined, { message: "needs a baseUrl", path: ["baseUrl"] });

/** A key for inference: as it is, or its SHA-256 in hexadecimal. */
export const apiKeySchema = z.union([
	z.strictObject({ name: nameSchema, key: z.string().min(16, "must have at least 16 characters") }),
	z.strictObject({ name: nameSchema, sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits") }),
]);

/** An MCP server whose tools requests may use by its name: a command that LMX starts, or an address. */
export const mcpServerSchema = z.union([
	z.strictObject({
		command: z.string().min(1),
		args: z.array(z.string()).default([]),
		env: z.record(z.string(), z.string()).default({}),
	}),
	z.strictObject({ url: z.url({ protocol: /^https?$/ }), headers: z.record(z.string(), z.string()).default({}) }),
]);

/** The configuration file of LMX, `config.yaml`. Every key is optional. Paths are relative to the file. */
export const lmxConfigSchema = z.strictObject({
	/** `lan`: every address of this machine, with the admin API behind its key. */
	bind: z.enum(["loopback", "lan"]).optional(),
	port: z.int().min(0).max(65_535).optional(),
	/** Further names that LMX answers to. */
	allowedHosts: z.array(z.string().min(1)).optional(),
	/** Origins of web pages that may call LMX, compared exactly. */
	corsOrigins: z.array(z.string().regex(/^https?:\/\/[^/]+$/, "must be an origin such as https://example.com, without a path")).default([]),
	/** Loaded when nothing is and a request names no model. */
	defaultModel: z.string().min(1).optional(),
	modelDir: z.string().min(1).optional(),
	/** What models and everything else on the machine may take together: a part of its memory, or a size for the models alone. */
	memoryCeiling: z
		.union([z.number().min(0.1, "must be from 0.1 to 0.98").max(0.98, "must be from 0.1 to 0.98"), byteSizeSchema])
		.default(0.9),
	/** The longest that a request waits for memory that busy models have. */
	memoryWait: durationSchema.default(10_000),
	defaults: modelOptionsSchema.omit({ pin: true }).default({}),
	/** By name of the model. */
	models: z.record(z.string(), modelOptionsSchema).default({}),
	/** Requests that may wait, per model. */
	queueLimit: z.int().min(0).max(10_000).optional(),
	/** A model that has work but makes no progress is reported after, and started again after, this long. */
	stall: z
		.strictObject({
			report: durationSchema.default(30_000),
			restart: durationSchema.default(120_000),
			/** Reading a very large file from a slow disk takes minutes without a sign. */
			load: durationSchema.default(1_800_000),
		})
		.prefault({}),
	engines: z.array(engineSchema).default([]),
	/** Token of Hugging Face for private models. */
	hfToken: z.string().min(1).optional(),
	/** With a key here, inference needs one, also on the LAN. */
	apiKeys: z.array(apiKeySchema).default([]),
	/** `off`: the admin API needs no key on the LAN. */
	adminAuth: z.enum(["on", "off"]).default("on"),
	/** Announces LMX on the LAN; left out: when it is bound to it. */
	mdns: z.boolean().optional(),
	/** Responses that can be gone on with (`previous_response_id`): kept in memory alone, none with `off`. */
	keptResponses: z
		.union([z.literal("off"), z.strictObject({ count: z.int().min(1).max(100_000).default(1000), age: durationSchema.default(3_600_000) })])
		.prefault({}),
	presetsFile: z.string().min(1).optional(),
	skillsDir: z.string().min(1).optional(),
	mcpServers: z.record(nameSchema, mcpServerSchema).default({}),
	/** Prefixes of prompts that are kept on the disk when they leave memory; `off` keeps none. */
	prefixCache: z
		.union([z.literal("off"), z.strictObject({ dir: z.string().min(1).optional(), maxBytes: byteSizeSchema.optional() })])
		.default({}),
	/** Weights in a form that this processor computes faster, made at the first load of a model that gains by it; `off` makes none. */
	preparedWeights: z
		.union([z.literal("off"), z.strictObject({ dir: z.string().min(1).optional(), maxBytes: byteSizeSchema.optional() })])
		.default({}),
});

/** The configuration file, read and completed. */
export type LmxConfig = z.output<typeof lmxConfigSchema>;
/** Engine that runs a model on this machine. */
export type EngineKind = (typeof engineKinds)[number];
/** How a model is run, as the file says. */
export type ModelOptions = z.output<typeof modelOptionsSchema>;
/** Another server that runs models. */
export type EngineConfig = z.output<typeof engineSchema>;
/** A key for inference. */
export type ApiKeyConfig = z.output<typeof apiKeySchema>;
/** An MCP server. */
export type McpServerConfig = z.output<typeof mcpServerSchema>;
