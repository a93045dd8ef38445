import type { EngineConfig } from "@opta/contracts/schema/lmx-config";
import type { Logger } from "pino";
import type { LmxSettings } from "../config/resolve-settings.ts";
import type { EventBus } from "../events/event-bus.ts";
import type { RemoteModel, RemoteModels } from "../serving/remote-models.ts";
import { readApiKey } from "./read-api-key.ts";
import type { UpstreamLimits } from "./upstream.ts";
import { WatchedServer } from "./watched-server.ts";

/** What the other servers need. */
export interface OpenAiServersParts {
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly events: EventBus;
	readonly logger: Logger;
	readonly limits?: UpstreamLimits;
}

type Settings = Pick<LmxSettings, "engines" | "configFile">;

function hasAddress(config: EngineConfig): config is EngineConfig & { baseUrl: string } {
	return config.baseUrl !== undefined;
}

/**
 * The models of all servers that the configuration names. Where two have a model of one name, the server that is
 * named first answers; `server/model` names any of them.
 */
export class OpenAiServers implements RemoteModels {
	readonly #parts: OpenAiServersParts;
	readonly #servers = new Map<string, { readonly text: string; readonly name: string; readonly server: WatchedServer }>();
	#names: ReadonlySet<string> = new Set();

	constructor(parts: OpenAiServersParts) {
		this.#parts = parts;
	}

	/** Begins with new servers, and ends with those that are gone or changed. Settles when each has answered once, or will not. */
	async configure({ engines, configFile }: Settings): Promise<void> {
		const { environment, logger, limits } = this.#parts;
		const before = new Map(this.#servers);
		this.#servers.clear();
		const started: WatchedServer[] = [];
		for (const config of engines.filter(hasAddress)) {
			const key = readApiKey(config, configFile, environment);
			if (!key.ok) {
				logger.error({ server: config.name }, key.message);
				continue;
			}
			const text = JSON.stringify([config, key.key]);
			const same = before.get(config.name);
			if (same?.text === text) {
				before.delete(config.name);
				this.#servers.set(config.name, same);
				continue;
			}
			const parts = { config, apiKey: key.key, onModels: () => this.#tellChanges(), logger, ...(limits === undefined ? {} : { limits }) };
			const server = new WatchedServer(parts);
			this.#servers.set(config.name, { text, name: config.name, server });
			started.push(server);
		}
		this.#tellChanges();
		await Promise.all([...started.map((server) => server.watch()), ...[...before.values()].map(({ server }) => server.close())]);
	}

	list(): readonly RemoteModel[] {
		const models = new Map<string, RemoteModel>();
		for (const { server } of this.#servers.values()) {
			for (const model of server.models) {
				const key = model.id.toLowerCase();
				models.set(key, models.get(key) ?? model);
			}
		}
		return [...models.values()];
	}

	find(id: string): RemoteModel | undefined {
		const wanted = id.toLowerCase();
		const named = [...this.#servers.values()].flatMap(({ name, server }) =>
			server.models.filter((model) => `${name}/${model.id}`.toLowerCase() === wanted),
		);
		return this.list().find((model) => model.id.toLowerCase() === wanted) ?? named[0];
	}

	/** Ends all connections. */
	async close(): Promise<void> {
		await Promise.all([...this.#servers.values()].map(({ server }) => server.close()));
	}

	#tellChanges(): void {
		const names = new Set(this.list().map(({ id }) => id));
		const added = [...names].filter((name) => !this.#names.has(name));
		const removed = [...this.#names].filter((name) => !names.has(name));
		this.#names = names;
		if (added.length + removed.length > 0) {
			this.#parts.events.publish({ type: "models.changed", added, removed });
		}
	}
}
