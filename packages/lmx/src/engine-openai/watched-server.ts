import type { EngineConfig } from "@opta/contracts/schema/lmx-config";
import type { Logger } from "pino";
import type { RemoteModel } from "../serving/remote-models.ts";
import { OpenAiBackend, type OpenAiModel } from "./openai-backend.ts";
import { readServerModels } from "./server-models.ts";
import { Upstream, type UpstreamLimits } from "./upstream.ts";

/** How often a server is asked for its models. */
const lookEveryMs = 15_000;
const lookTimeoutMs = 5000;

/** What a watched server needs. */
export interface WatchedServerParts {
	readonly config: EngineConfig & { readonly baseUrl: string };
	readonly apiKey: string | null;
	/** Called when the list of models is another one. */
	readonly onModels: () => void;
	readonly logger: Logger;
	readonly limits?: UpstreamLimits;
}

function facts({ name, dialect, contextTokens }: OpenAiModel): string {
	return `${name} ${dialect} ${contextTokens}`;
}

/** Another server, and the models that it has: asked again and again, so that it is known whether it answers. */
export class WatchedServer {
	readonly #parts: WatchedServerParts;
	readonly #upstream: Upstream;
	readonly #closing = new AbortController();
	#timer: NodeJS.Timeout | undefined;
	#models: readonly RemoteModel[] = [];
	#known = "";
	#wasReached: boolean | null = null;

	constructor(parts: WatchedServerParts) {
		const { config, apiKey, limits } = parts;
		this.#parts = parts;
		this.#upstream = new Upstream({ name: config.name, baseUrl: config.baseUrl, apiKey, ...(limits === undefined ? {} : { limits }) });
		this.#setModels((config.models ?? []).map((name) => ({ name, dialect: config.kind, contextTokens: null })));
	}

	get models(): readonly RemoteModel[] {
		return this.#models;
	}

	/** Asks for the models now, and from then on in intervals; settles when the first answer is there, or will not be. */
	async watch(): Promise<void> {
		await this.#look();
		if (!this.#closing.signal.aborted) {
			const waitMs = this.#upstream.unhealthyReason() === null ? lookEveryMs : lookTimeoutMs;
			this.#timer = setTimeout(() => void this.watch(), waitMs).unref();
		}
	}

	/** Ends the watching and all connections. */
	close(): Promise<void> {
		clearTimeout(this.#timer);
		this.#closing.abort();
		return this.#upstream.close();
	}

	async #look(): Promise<void> {
		const { config, logger } = this.#parts;
		const answer = await this.#upstream.json({
			method: "GET",
			path: "/models",
			signal: this.#closing.signal,
			headersMs: lookTimeoutMs,
		});
		if (this.#closing.signal.aborted) {
			return;
		}
		const found = answer.ok ? readServerModels(answer.value, config.kind) : null;
		if (found !== null) {
			const wanted = config.models;
			const missing = (wanted ?? []).filter((name) => !found.some((model) => model.name === name));
			this.#setModels([
				...(wanted === undefined ? found : found.filter(({ name }) => wanted.includes(name))),
				...missing.map((name) => ({ name, dialect: found[0]?.dialect ?? config.kind, contextTokens: null })),
			]);
		}
		if (this.#wasReached !== answer.ok) {
			this.#wasReached = answer.ok;
			if (answer.ok) {
				logger.info({ server: config.name, models: this.#models.length }, "a server with models answers");
			} else {
				logger.warn({ server: config.name }, answer.error.message);
			}
		}
	}

	#setModels(models: readonly OpenAiModel[]): void {
		const known = models.map(facts).join("\n");
		if (known === this.#known) {
			return;
		}
		this.#known = known;
		this.#models = models.map((model) => ({
			id: model.name,
			title: `${model.name} (${this.#parts.config.name})`,
			server: this.#parts.config.name,
			contextTokens: model.contextTokens,
			backend: new OpenAiBackend(this.#upstream, model),
			unhealthyReason: () => this.#upstream.unhealthyReason(),
		}));
		this.#parts.onModels();
	}
}
