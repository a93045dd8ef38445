import { rm } from "node:fs/promises";
import { Agent } from "undici";
import type { JobWork } from "../jobs/job-kind.ts";
import type { ModelLibrary } from "../library/installed-model.ts";
import { DownloadFailure } from "./download-failure.ts";
import { DownloadRun, type DownloadSettings, stagingFolder } from "./download-run.ts";

/** Downloads at the same time. */
const concurrency = 2;

/** How long a server may say nothing. */
const timeouts = { connect: { timeout: 15_000 }, headersTimeout: 30_000, bodyTimeout: 60_000 } as const;

/** What downloads work on. */
export interface DownloadParts {
	readonly settings: () => DownloadSettings;
	readonly library: ModelLibrary;
}

/** Downloads as jobs: they are paused, go on after a restart, and bring only what was published, or nothing. */
export function downloadWork({ settings, library }: DownloadParts): JobWork<"download"> {
	return {
		kind: "download",
		concurrency,
		resumes: true,
		async run(job, context) {
			const dispatcher = new Agent(timeouts);
			try {
				return await new DownloadRun(job, context, settings(), dispatcher).run(library);
			} catch (error) {
				if (error instanceof DownloadFailure) {
					return { ok: false, error: error.answer };
				}
				throw error;
			} finally {
				await dispatcher.destroy();
			}
		},
		discard: (job) => rm(stagingFolder(settings().modelDir, job.id), { recursive: true, force: true }),
	};
}
