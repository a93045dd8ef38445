import type { McpServerConfig } from "@opta/contracts/schema/lmx-config";
import type { Logger } from "pino";
import type { Answer } from "../serving/backend.ts";
import { type McpConnection, openMcpConnection } from "./mcp-connection.ts";

/** A server that nobody used for this long is closed. */
const idleMs = 5 * 60_000;

interface Entry {
	/** The configuration that it was opened with, as a text: another one needs another connection. */
	readonly key: string;
	readonly connection: Promise<McpConnection>;
	users: number;
	idle: NodeJS.Timeout | null;
}

/** A server that stays open until it is given back. */
export interface HeldServer {
	readonly connection: McpConnection;
	/** Once. */
	release(): void;
}

/** What the servers are opened from. */
export interface McpServersParts {
	/** The servers of the configuration as it is now, by their label. */
	readonly configured: () => Readonly<Record<string, McpServerConfig>>;
	readonly logger: Logger;
}

/** The MCP servers of the configuration. Each is connected to when it is first used, shared, and closed when idle. */
export class McpServers {
	readonly #parts: McpServersParts;
	readonly #entries = new Map<string, Entry>();

	constructor(parts: McpServersParts) {
		this.#parts = parts;
	}

	/** The labels that requests may name. */
	labels(): string[] {
		return Object.keys(this.#parts.configured());
	}

	/** Holds a server open. Its label must be one of `labels`. */
	async hold(label: string): Promise<Answer<HeldServer>> {
		const config = this.#parts.configured()[label];
		if (config === undefined) {
			return { ok: false, error: { code: "invalid_request", message: `There is no MCP server "${label}" in the configuration.` } };
		}
		const key = JSON.stringify(config);
		let entry = this.#entries.get(label);
		if (entry !== undefined && entry.key !== key) {
			this.#drop(label, entry);
			entry = undefined;
		}
		entry ??= this.#open(label, key, config);
		if (entry.idle !== null) {
			clearTimeout(entry.idle);
			entry.idle = null;
		}
		const held = entry;
		held.users++;
		try {
			const connection = await held.connection;
			let isHeld = true;
			const release = (): void => {
				if (isHeld) {
					isHeld = false;
					this.#release(label, held);
				}
			};
			return { ok: true, value: { connection, release } };
		} catch (error) {
			held.users--;
			const reason = error instanceof Error ? error.message : String(error);
			this.#parts.logger.warn({ mcpServer: label, reason }, "an MCP server cannot be used");
			return {
				ok: false,
				error: {
					code: "host_unreachable",
					message: `The MCP server "${label}" cannot be used: ${reason}. Check its entry in the configuration.`,
				},
			};
		}
	}

	/** Closes all, also those in use. */
	async close(): Promise<void> {
		const open = [...this.#entries];
		this.#entries.clear();
		await Promise.all(open.map(([, entry]) => this.#end(entry)));
	}

	#open(label: string, key: string, config: McpServerConfig): Entry {
		const forget = (): void => {
			if (this.#entries.get(label) === entry) {
				this.#entries.delete(label);
			}
		};
		const connection = openMcpConnection(config, this.#parts.logger.child({ mcpServer: label }), forget);
		const entry: Entry = { key, connection, users: 0, idle: null };
		connection.catch(forget);
		this.#entries.set(label, entry);
		return entry;
	}

	#release(label: string, entry: Entry): void {
		entry.users--;
		if (entry.users > 0) {
			return;
		}
		if (this.#entries.get(label) === entry) {
			entry.idle = setTimeout(() => this.#drop(label, entry), idleMs);
			entry.idle.unref();
		} else {
			void this.#end(entry);
		}
	}

	/** Takes it out; it is closed when its last user gives it back. */
	#drop(label: string, entry: Entry): void {
		this.#entries.delete(label);
		if (entry.users === 0) {
			void this.#end(entry);
		}
	}

	async #end({ connection, idle }: Entry): Promise<void> {
		if (idle !== null) {
			clearTimeout(idle);
		}
		try {
			await (await connection).close();
		} catch (error) {
			this.#parts.logger.debug({ err: error }, "an MCP server did not close well");
		}
	}
}
