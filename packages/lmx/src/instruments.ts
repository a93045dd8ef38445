import { Registry } from "prom-client";
import type { EventBus } from "./events/event-bus.ts";
import { EventFeed } from "./events/event-feed.ts";
import { reportLoad } from "./events/load-reporter.ts";
import type { LogBook } from "./logs/log-book.ts";
import { AnswerMetrics } from "./metrics/answer-metrics.ts";
import { countEvents } from "./metrics/event-metrics.ts";
import { measuredProvider } from "./metrics/measured-provider.ts";
import { showModels } from "./metrics/model-metrics.ts";
import { showProcess } from "./metrics/process-metrics.ts";
import type { OpenModels } from "./open-models.ts";
import { EventStreams } from "./server/sse/event-streams.ts";
import type { ModelProvider } from "./serving/backend.ts";

/** How people and programs watch a running server. */
export interface Instruments {
	readonly feed: EventFeed;
	readonly streams: EventStreams;
	readonly book: LogBook;
	readonly registry: Registry;
	/** The server's models, measured. */
	readonly provider: ModelProvider;
	close(): void;
}

/** Begins to watch a server's models and events. */
export function openInstruments({ pool, provider }: OpenModels, events: EventBus, book: LogBook): Instruments {
	const registry = new Registry();
	const streams = new EventStreams();
	const statuses = () => pool.residents().map(({ runner }) => runner.status());
	showModels(registry, () =>
		pool.residents().map(({ model, state, prediction, runner }) => ({
			id: model.id,
			state,
			predictedBytes: prediction.totalBytes,
			status: runner.status(),
		})),
	);
	showProcess(registry);
	countEvents(registry, events);
	const endReports = reportLoad(events, () => {
		const all = statuses();
		const sum = (values: readonly (number | null)[]): number => values.reduce<number>((total, value) => total + (value ?? 0), 0);
		const working = all.filter(({ activeRequests }) => activeRequests > 0);
		return {
			active: sum(all.map(({ activeRequests }) => activeRequests)),
			queued: sum(all.map(({ queuedRequests }) => queuedRequests)),
			tokensPerSecond: sum(working.map(({ tokensPerSecond }) => tokensPerSecond)),
			promptTokensPerSecond: sum(working.map(({ promptTokensPerSecond }) => promptTokensPerSecond)),
		};
	});
	return {
		feed: new EventFeed(events),
		streams,
		book,
		registry,
		provider: measuredProvider(provider, new AnswerMetrics(registry)),
		close() {
			endReports();
			streams.close();
		},
	};
}
