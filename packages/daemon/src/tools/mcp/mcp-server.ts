import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { DaemonTools } from "@opta/contracts/schema/daemon-status";
import type { McpServerConfig } from "@opta/contracts/schema/opta-config";
import type { KnownTool } from "./known-tools.ts";
import { type ConnectionParts, openTransport, type ServerConnection } from "./open-transport.ts";
import { listenForSignIn } from "./sign-in-callback.ts";
import { type InteractiveSignIn, newState } from "./sign-in-provider.ts";

const connectTimeoutMs = 60_000;
const callTimeoutMs = 300_000;
const signInTimeoutMs = 600_000;
const endSessionTimeoutMs = 2000;
const firstBackOffMs = 500;
const longestBackOffMs = 60_000;
/** How long a call waits for its turn to start a server again; after that it is refused. */
const longestWaitMs = 5000;
const maxTools = 512;
const maxPages = 32;

type ServerState = DaemonTools["servers"][number]["state"];

/** A server cannot be used before somebody has signed in. */
export class SignInNeededError extends Error {
	override readonly name = "SignInNeededError";

	constructor(server: string) {
		super(`The MCP server "${server}" needs a sign-in. Call mcp__${server}__sign_in, which shows the person where.`);
	}
}

function isUnauthorized(error: unknown): boolean {
	return (
		error instanceof Error &&
		(error.name === "UnauthorizedError" || ("code" in error && error.code === 401) || /\bUnauthorized\b/.test(error.message))
	);
}

/** What is told of a failure: the deepest cause that says something. */
function reason(error: unknown): string {
	if (!(error instanceof Error)) {
		return String(error);
	}
	return error.cause instanceof Error ? reason(error.cause) : error.message;
}

/** One MCP server: started when it is first needed, started again after it died, with pauses that grow. */
export class McpServer {
	state: ServerState = "off";
	problem: string | null = null;
	private client: Promise<Client> | null = null;
	private connection: ServerConnection | null = null;
	/** Settles when what is left of an earlier connection is gone. */
	private cleared: Promise<void> = Promise.resolve();
	private failures = 0;
	private retryAt = 0;
	private closed = false;
	readonly name: string;
	private readonly config: McpServerConfig;
	private readonly parts: ConnectionParts;
	private readonly onTools: (tools: readonly KnownTool[]) => Promise<void>;

	constructor(name: string, config: McpServerConfig, parts: ConnectionParts, onTools: (tools: readonly KnownTool[]) => Promise<void>) {
		this.name = name;
		this.config = config;
		this.parts = parts;
		this.onTools = onTools;
	}

	/** Connects where it is not yet. Rejects with what is wrong. */
	connect(interactive: InteractiveSignIn | null = null): Promise<Client> {
		this.client ??= this.open(interactive).catch(async (error: unknown) => {
			this.client = null;
			await this.connection?.transport.close();
			throw this.failed(error);
		});
		return this.client;
	}

	/** Calls a tool. Rejects where the server cannot be reached, ends meanwhile or does not answer. */
	async call(
		tool: string,
		input: Readonly<Record<string, unknown>>,
		signal: AbortSignal,
		onProgress: (text: string) => void,
	): Promise<CallToolResult> {
		const { CallToolResultSchema } = await import("@modelcontextprotocol/sdk/types.js");
		const client = await this.connect();
		const { connection } = this;
		try {
			return await client.request({ method: "tools/call", params: { name: tool, arguments: input } }, CallToolResultSchema, {
				signal,
				timeout: callTimeoutMs,
				resetTimeoutOnProgress: true,
				onprogress: ({ message, progress, total }) =>
					onProgress(`${message ?? `${progress}${total === undefined ? "" : ` of ${total}`}`}\n`),
			});
		} catch (error) {
			if (isUnauthorized(error)) {
				await this.disconnect();
				throw this.failed(error);
			}
			throw new Error(this.withErrors(reason(error), connection));
		}
	}

	/** Sends the person to the sign-in page and waits for them to come back. Rejects where that fails. */
	async signIn(open: (url: URL) => void, signal: AbortSignal): Promise<void> {
		const state = newState();
		const callback = await listenForSignIn(state, signInTimeoutMs);
		signal.addEventListener("abort", callback.close, { once: true });
		const interactive = { redirectUrl: callback.redirectUrl, state, open };
		try {
			const connection = await openTransport(this.name, this.config, this.parts, interactive);
			if (connection.kind === "process") {
				throw new Error("It is a program on this computer, to which nobody signs in.");
			}
			await this.connectOnce(connection).catch(async (error: unknown) => {
				if (!isUnauthorized(error)) {
					throw error;
				}
				await connection.transport.finishAuth(await callback.code);
			});
			await connection.transport.close();
		} finally {
			signal.removeEventListener("abort", callback.close);
			callback.close();
		}
		this.retryAt = 0;
		await this.disconnect();
		await this.connect();
	}

	async close(): Promise<void> {
		this.closed = true;
		await this.disconnect();
		this.state = "off";
	}

	private async disconnect(): Promise<void> {
		const { connection } = this;
		this.connection = null;
		this.client = null;
		if (connection?.kind === "http") {
			// Tells the server that nobody comes back; one that does not answer is left alone.
			await Promise.race([
				connection.transport.terminateSession().catch(() => undefined),
				delay(endSessionTimeoutMs, undefined, { ref: false }),
			]);
		}
		await Promise.all([this.cleared, connection?.transport.close()]);
	}

	private async connectOnce(connection: ServerConnection): Promise<Client> {
		const { Client } = await import("@modelcontextprotocol/sdk/client/index.js");
		const client = new Client({ name: "opta", version: "3" });
		await client.connect(connection.transport, { timeout: connectTimeoutMs });
		return client;
	}

	private async open(interactive: InteractiveSignIn | null): Promise<Client> {
		const waitMs = this.retryAt - Date.now();
		if (this.closed || waitMs > longestWaitMs) {
			throw new Error(
				this.closed
					? "The daemon is ending."
					: `It failed ${this.failures} times; it can be tried again in ${Math.ceil(waitMs / 1000)} s. ${this.problem ?? ""}`,
			);
		}
		await Promise.all([this.cleared, delay(Math.max(0, waitMs))]);
		this.state = "starting";
		this.problem = null;
		const connection = await openTransport(this.name, this.config, this.parts, interactive);
		this.connection = connection;
		const client = await this.connectOnce(connection);
		const { ToolListChangedNotificationSchema } = await import("@modelcontextprotocol/sdk/types.js");
		client.setNotificationHandler(ToolListChangedNotificationSchema, () => this.readTools(client));
		client.onclose = () => this.lost(connection);
		await this.readTools(client);
		this.state = "ready";
		this.failures = 0;
		return client;
	}

	private async readTools(client: Client): Promise<void> {
		const { ListToolsResultSchema } = await import("@modelcontextprotocol/sdk/types.js");
		const tools: KnownTool[] = [];
		let cursor: string | undefined;
		for (let page = 0; page < maxPages && tools.length < maxTools; page++) {
			const list = await client.request({ method: "tools/list", params: cursor === undefined ? {} : { cursor } }, ListToolsResultSchema, {
				timeout: connectTimeoutMs,
			});
			tools.push(...list.tools.map(({ name, description, inputSchema }) => ({ name, description: description ?? "", inputSchema })));
			cursor = list.nextCursor;
			if (cursor === undefined) {
				break;
			}
		}
		await this.onTools(tools.slice(0, maxTools));
	}

	/** The connection ended without being asked to. */
	private lost(connection: ServerConnection): void {
		if (this.connection === connection) {
			this.connection = null;
			this.client = null;
			this.cleared = connection.transport.close();
			this.failed(new Error("It ended."), connection);
		}
	}

	private failed(error: unknown, connection = this.connection): Error {
		if (error instanceof SignInNeededError || isUnauthorized(error)) {
			const needed = new SignInNeededError(this.name);
			this.state = "needs_sign_in";
			this.problem = needed.message;
			this.client = null;
			return needed;
		}
		this.state = "failed";
		this.failures += 1;
		this.retryAt = Math.max(this.retryAt, Date.now() + Math.min(firstBackOffMs * 2 ** (this.failures - 1), longestBackOffMs));
		this.problem = this.withErrors(reason(error), connection);
		return new Error(this.problem);
	}

	/** A message with what the program wrote to its standard error last. */
	private withErrors(message: string, connection = this.connection): string {
		const said = connection?.kind === "process" ? connection.transport.errors.excerpt(2000, "").text.trim() : "";
		return said === "" ? message : `${message}\nIts last words:\n${said}`;
	}
}
