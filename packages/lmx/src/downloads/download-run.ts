import { mkdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Agent } from "undici";
import type { JobContext, JobOf } from "../jobs/job-kind.ts";
import { explainMissingSpace } from "../library/disk-space.ts";
import { partialFolder } from "../library/folder-library.ts";
import { type GgufFacts, ggufFacts } from "../library/gguf/gguf-facts.ts";
import { readGgufHeader } from "../library/gguf/read-gguf-header.ts";
import type { ModelLibrary } from "../library/installed-model.ts";
import { publishModel } from "../library/publish-model.ts";
import type { Answer } from "../serving/backend.ts";
import { allOrStop } from "./all-or-stop.ts";
import { DownloadFailure } from "./download-failure.ts";
import { doneBefore, manifestOf } from "./download-manifest.ts";
import { type DownloadPlan, downloadPlanSchema, planDownload } from "./download-plan.ts";
import { dropPart, fetchFile, keepFile, partPath } from "./fetch-file.ts";
import type { Hub } from "./follow-request.ts";
import { Limiter } from "./limiter.ts";
import { TransferSpeed } from "./transfer-speed.ts";
import { tryAgain } from "./try-again.ts";
import { type ArrivedFile, checkArrived, measureFile } from "./verify-download.ts";

/** Where downloads come from and go to; asked anew for each job, because the configuration can change. */
export interface DownloadSettings {
	readonly modelDir: string;
	/** Address of Hugging Face, or of a server that speaks its API. */
	readonly hubUrl: string;
	/** For private models; null for none. */
	readonly token: string | null;
	/** Connections of one download. */
	readonly connections: number;
	readonly segmentBytes: number;
	/** Pause after the first trouble of the network. */
	readonly pauseMs: number;
}

/** What is usual, but for the folder and the token. */
export const usualDownloadSettings = {
	connections: 4,
	segmentBytes: 64 * 1024 * 1024,
	pauseMs: 1000,
} as const satisfies Partial<DownloadSettings>;

type Job = JobOf<"download">;
type Result = NonNullable<Job["result"]>;

/** One run of one download: finds out what is wanted, fetches, checks and publishes it. Throws DownloadFailure. */
export class DownloadRun {
	readonly #job: Job;
	readonly #context: JobContext;
	readonly #settings: DownloadSettings;
	readonly #hub: Hub;
	readonly #speed = new TransferSpeed();
	readonly #folder: string;
	#doneBytes = 0;
	#totalBytes: number | null = null;

	constructor(job: Job, context: JobContext, settings: DownloadSettings, dispatcher: Agent) {
		this.#job = job;
		this.#context = context;
		this.#settings = settings;
		this.#hub = { origin: new URL(settings.hubUrl).origin, token: settings.token, dispatcher };
		this.#folder = stagingFolder(settings.modelDir, job.id);
	}

	async run(library: ModelLibrary): Promise<Answer<Result>> {
		const plan = await this.#plan();
		const existing = library.find(plan.modelId);
		if (existing !== undefined) {
			return doneBefore(existing, plan);
		}
		await mkdir(this.#folder, { recursive: true });
		await this.#fetchAll(plan);
		const arrived = await this.#checkAll(plan);
		const facts = plan.format === "gguf" ? await this.#readFacts(plan) : null;
		const files = arrived.map(({ bytes, sha256 }, index) => ({ name: plan.files[index]?.name ?? "", bytes, sha256 }));
		const published = await publishModel(this.#folder, this.#settings.modelDir, manifestOf(plan, files, facts));
		if (!published.ok) {
			return published;
		}
		await rm(this.#folder, { recursive: true, force: true });
		await library.welcome(plan.modelId);
		const verified = arrived.every(({ wasPublished }) => wasPublished);
		return { ok: true, value: { modelId: plan.modelId, fileBytes: files.reduce((sum, { bytes }) => sum + bytes, 0), files, verified } };
	}

	async #plan(): Promise<DownloadPlan> {
		const known = downloadPlanSchema.safeParse(this.#context.plan);
		if (known.success) {
			return known.data;
		}
		this.#context.report({ message: "asking what there is" });
		const { signal } = this.#context;
		const plan = await tryAgain({ signal, pauseMs: this.#settings.pauseMs, progress: () => 0, onPause: this.#onPause }, () =>
			planDownload(this.#job.request, this.#hub, signal),
		);
		this.#context.keepPlan(plan);
		this.#context.rename(plan.modelId);
		return plan;
	}

	readonly #onPause = (reason: string, pauseMs: number): void =>
		this.#context.report({ message: `${reason}; trying again in ${Math.round(pauseMs / 1000)} s` });

	readonly #onBytes = (bytes: number): void => {
		this.#doneBytes += bytes;
		this.#speed.record(performance.now(), this.#doneBytes);
		const total = this.#totalBytes;
		this.#context.report({
			doneBytes: this.#doneBytes,
			totalBytes: total,
			bytesPerSecond: this.#speed.bytesPerSecond(),
			etaMs: this.#speed.etaMs(total),
			fraction: total === null || total === 0 ? null : Math.min(1, Math.max(0, this.#doneBytes / total)),
			message: "downloading",
		});
	};

	async #fetchAll(plan: DownloadPlan): Promise<void> {
		const sizes = plan.files.map(({ bytes }) => bytes);
		this.#totalBytes = sizes.includes(null) ? null : sizes.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0);
		const wanted: DownloadPlan["files"] = [];
		for (const file of plan.files) {
			const kept = await stat(path.join(this.#folder, file.name)).catch(() => null);
			if (kept === null) {
				wanted.push(file);
			} else {
				this.#onBytes(kept.size);
			}
		}
		await this.#reserve(wanted.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0) - (await this.#partBytes(wanted)));
		const connections = new Limiter(this.#settings.connections);
		const { segmentBytes, pauseMs } = this.#settings;
		await allOrStop(
			this.#context.signal,
			wanted.map(({ name, url, bytes }) => async (signal) => {
				const target = path.join(this.#folder, name);
				await fetchFile(
					{ url: new URL(url), target, bytes },
					{
						hub: this.#hub,
						signal,
						connections,
						segmentBytes,
						pauseMs,
						onBytes: this.#onBytes,
						onPause: this.#onPause,
						reserve: async (size) => {
							if (bytes === null) {
								this.#totalBytes = wanted.length === 1 ? size : this.#totalBytes;
								await this.#reserve(size);
							}
						},
					},
				);
			}),
		);
	}

	/** Room that parts of an earlier run have taken already. */
	async #partBytes(files: DownloadPlan["files"]): Promise<number> {
		const stats = await Promise.all(files.map(({ name }) => stat(partPath(path.join(this.#folder, name))).catch(() => null)));
		return stats.reduce((sum, found) => sum + (found === null ? 0 : found.blocks * 512), 0);
	}

	async #reserve(bytes: number): Promise<void> {
		const problem = await explainMissingSpace(this.#folder, Math.max(0, bytes));
		if (problem !== null) {
			throw new DownloadFailure(problem.code, problem.message, problem.details);
		}
	}

	/** Compares every file with what was published, and gives those that hold their names. */
	async #checkAll(plan: DownloadPlan): Promise<(ArrivedFile & { wasPublished: boolean })[]> {
		const { signal, report } = this.#context;
		const arrived: (ArrivedFile & { wasPublished: boolean })[] = [];
		const total = this.#totalBytes ?? this.#doneBytes;
		let before = 0;
		for (const planned of plan.files) {
			const target = path.join(this.#folder, planned.name);
			const part = partPath(target);
			const isKept = (await stat(part).catch(() => null)) === null;
			const file = isKept ? target : part;
			const { size } = await stat(file);
			const onBytes = (bytes: number): void =>
				report({
					message: "checking",
					fraction: total === 0 ? null : Math.min(1, (before + bytes) / total),
					bytesPerSecond: null,
					etaMs: null,
				});
			const measured = await measureFile(file, size, onBytes, signal);
			before += size;
			const wasPublished = await checkArrived(file, planned, measured, this.#settings.modelDir).catch(async (error: unknown) => {
				await dropPart(target);
				throw error;
			});
			if (!isKept) {
				await keepFile(target);
			}
			arrived.push({ ...measured, wasPublished });
		}
		return arrived;
	}

	async #readFacts(plan: DownloadPlan): Promise<GgufFacts | null> {
		const first = plan.files[0]?.name ?? "";
		const read = await readGgufHeader(path.join(this.#folder, first));
		if (!read.ok) {
			await rm(this.#folder, { recursive: true, force: true });
			throw new DownloadFailure("conflict", `${first} ${read.reason}. Nothing was installed.`);
		}
		return ggufFacts(read.header);
	}
}

/** Where the files of a download are until they are published. */
export function stagingFolder(modelDir: string, jobId: string): string {
	return path.join(partialFolder(modelDir), jobId);
}
