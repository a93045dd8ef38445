import { z } from "zod";
import { permissionModes } from "../daemon-protocol.ts";
import { remoteGrants } from "../reach.ts";
import { permissionRuleSchema } from "./daemon-permission.ts";

/** An MCP server: a program on this computer, or an address. `${NAME}` in values is taken from the environment. */
export const mcpServerSchema = z.union([
	z.strictObject({
		command: z.string().min(1),
		args: z.array(z.string()).default([]),
		env: z.record(z.string(), z.string()).default({}),
		enabled: z.boolean().default(true),
	}),
	z.strictObject({ url: z.url(), headers: z.record(z.string(), z.string()).default({}), enabled: z.boolean().default(true) }),
]);

/**
 * `config.json` of a user and `.opta/config.json` of a project (comments and trailing commas are allowed). Later wins:
 * user, project, environment (`OPTA_*`), flags. A project cannot loosen what it runs with: its `connection`, `anthropic`,
 * `hostPolicy` and `localOnly` are ignored with a notice, and its rules can only ask or deny.
 */
export const optaConfigSchema = z.strictObject({
	connection: z
		.strictObject({
			/** Where LMX is; this computer when missing. `opta connect` finds one by mDNS and keeps it here: nothing is sent to a host that nobody chose. */
			host: z.string().min(1).optional(),
			port: z.int().min(1).max(65_535).optional(),
			/** Kept in the keychain: written here it is moved there at the next start. */
			adminKey: z.string().min(1).optional(),
		})
		.default({}),
	model: z.string().default("auto"),
	/** `client` machines never host models: `opta serve` refuses. */
	hostPolicy: z.enum(["any", "client"]).default("any"),
	/** No connection leaves loopback and the configured LMX address. */
	localOnly: z.boolean().default(true),
	anthropic: z
		.strictObject({
			/** Off unless switched on; then asked only when LMX cannot be reached, or where a model of its name is chosen. */
			enabled: z.boolean().default(false),
			model: z.string().default("claude-sonnet-5"),
			baseUrl: z.url().optional(),
		})
		.prefault({}),
	permissions: z
		.strictObject({
			mode: z.enum(permissionModes).default("ask"),
			rules: z.array(permissionRuleSchema).default([]),
			/** A question without an answer is denied after this time. */
			timeoutMs: z.int().min(1000).default(3_600_000),
		})
		.prefault({}),
	tools: z
		.strictObject({
			/** Tools that models never see. */
			disabled: z.array(z.string()).default([]),
			maxParallel: z.int().min(1).max(8).default(8),
			maxOutputBytes: z
				.int()
				.min(1024)
				.default(64 * 1024),
			shellTimeoutMs: z.int().min(1000).default(120_000),
			/** Origins that web fetch and the browser may open; globs. Empty: each is asked for. */
			allowedOrigins: z.array(z.string()).default([]),
			deniedOrigins: z.array(z.string()).default([]),
			sandbox: z.strictObject({ enabled: z.boolean().default(true), network: z.boolean().default(false) }).prefault({}),
		})
		.prefault({}),
	mcp: z.record(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/), mcpServerSchema).default({}),
	agent: z
		.strictObject({
			maxSteps: z.int().min(1).max(500).default(50),
			temperature: z.number().min(0).max(2).optional(),
			/** Compacts by itself when this share of the context is used. */
			compactAt: z.number().min(0.3).max(0.95).default(0.8),
			/** Lets the model give sessions a title. */
			titles: z.boolean().default(true),
		})
		.prefault({}),
	daemon: z
		.strictObject({
			port: z.int().min(1).max(65_535).optional(),
			maxMemoryBytes: z.int().default(1_073_741_824),
			maxLogBytes: z.int().default(20_971_520),
			maxChildren: z.int().min(1).default(64),
			/** Days in the trash before a session is gone for good; null keeps it. */
			trashDays: z.int().min(1).nullable().default(null),
		})
		.prefault({}),
	accounts: z.strictObject({ origin: z.url().default("https://accounts.optalocal.com") }).prefault({}),
	/** Whether sessions of this computer can be followed from elsewhere, through which host, and what may be done there. */
	reach: z
		.strictObject({
			/** Null: this computer joins no host. */
			host: z.uuid().nullable().default(null),
			allow: z.array(z.enum(remoteGrants)).default(["see"]),
		})
		.prefault({}),
	updates: z.strictObject({ check: z.boolean().default(false) }).prefault({}),
});

/** Configuration of a user's computer, complete. */
export type OptaConfig = z.infer<typeof optaConfigSchema>;
/** Configuration as written. */
export type OptaConfigInput = z.input<typeof optaConfigSchema>;
/** An MCP server. */
export type McpServerConfig = z.infer<typeof mcpServerSchema>;
