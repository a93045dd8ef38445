import path from "node:path";
import type { Logger } from "pino";
import { benchWork } from "./bench-job/bench-work.ts";
import { startBench } from "./bench-job/start-bench.ts";
import type { LiveSettings } from "./config/live-settings.ts";
import { usualDownloadSettings } from "./downloads/download-run.ts";
import { downloadWork } from "./downloads/download-work.ts";
import { startDownload } from "./downloads/start-download.ts";
import type { EventBus } from "./events/event-bus.ts";
import { JobRunner } from "./jobs/job-runner.ts";
import { JobStore } from "./jobs/job-store.ts";
import { machineMemory } from "./memory/machine-memory.ts";
import type { OpenModels } from "./open-models.ts";
import { type QuantizeParts, quantizeWork } from "./quantize/quantize-work.ts";
import { startQuantize } from "./quantize/start-quantize.ts";
import type { JobRoutesParts } from "./server/admin-jobs/job-routes.ts";

/** The long work of a server: what its routes start and show. */
export interface OpenJobs extends JobRoutesParts {
	/** Stops what runs; downloads go on at the next start. */
	close(): Promise<void>;
}

/** Opens the jobs of the last time and goes on with them. Throws when their file cannot be used. */
export function openJobs(settings: LiveSettings, models: OpenModels, events: EventBus, logger: Logger): OpenJobs {
	const { library, provider, knowsModel, explainUnknown } = models;
	const store = new JobStore(path.join(settings.current.stateDir, "jobs.sqlite"));
	const jobs = new JobRunner({ store, events, logger });
	const quantizing: QuantizeParts = {
		library,
		modelDir: () => settings.current.modelDir,
		availableBytes: () => machineMemory().availableBytes,
		backend: () => settings.current.backend,
	};
	jobs.register(
		downloadWork({
			library,
			settings: () => {
				const { modelDir, hubUrl, hfToken } = settings.current;
				return { ...usualDownloadSettings, modelDir, hubUrl, token: hfToken };
			},
		}),
	);
	jobs.register(quantizeWork(quantizing));
	jobs.register(benchWork({ models: provider, library }));
	jobs.begin();
	return {
		jobs,
		startDownload: (request) => Promise.resolve(startDownload(jobs, library, request)),
		startQuantize: (request) => startQuantize(jobs, quantizing, request),
		startBench: (request) => Promise.resolve(startBench(jobs, (model) => (knowsModel(model) ? null : explainUnknown(model)), request)),
		async close() {
			await jobs.close();
			store.close();
		},
	};
}
