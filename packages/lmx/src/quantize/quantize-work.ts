import { mkdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Backend } from "../engine/library/platform-build.ts";
import type { JobContext, JobOf, JobWork } from "../jobs/job-kind.ts";
import { partialFolder } from "../library/folder-library.ts";
import { ggufFacts } from "../library/gguf/gguf-facts.ts";
import { readGgufHeader } from "../library/gguf/read-gguf-header.ts";
import type { ModelLibrary } from "../library/installed-model.ts";
import { publishModel } from "../library/publish-model.ts";
import { digestOf } from "../library/verify-files.ts";
import type { Answer } from "../serving/backend.ts";
import type { Perplexity } from "./quantize-messages.ts";
import { type PlanParts, planQuantize, type QuantizePlan } from "./quantize-plan.ts";
import { runQuantizer } from "./run-quantizer.ts";
import { sampleText } from "./sample-text.ts";

/** What quantising works on. */
export interface QuantizeParts {
	readonly library: ModelLibrary;
	readonly modelDir: () => string;
	/** Memory that is free now, in bytes. */
	readonly availableBytes: () => number;
	readonly backend: () => Backend;
}

type Job = JobOf<"quantize">;
type Result = NonNullable<Job["result"]>;

/** Shares of the whole that the stages take in the progress. */
const stages = { quantize: [0, 0.7], digest: [0.7, 0.75], source: [0.75, 0.9], result: [0.9, 1] } as const;

function stagingFolder(modelDir: string, jobId: string): string {
	return path.join(partialFolder(modelDir), jobId);
}

function fail(message: string): Answer<never> {
	return { ok: false, error: { code: "internal", message } };
}

function reporter({ report }: JobContext, stage: keyof typeof stages, message: string): (fraction: number) => void {
	const [from, to] = stages[stage];
	return (fraction) => report({ message, fraction: from + (to - from) * fraction });
}

async function measure(
	file: string,
	threads: number,
	backend: Backend,
	signal: AbortSignal,
	onProgress: (fraction: number) => void,
): Promise<Answer<Perplexity>> {
	const measured = await runQuantizer({ type: "measure", file, text: sampleText, threads, backend }, { signal, onProgress });
	if (measured.ok && measured.answer.type === "measured") {
		return { ok: true, value: measured.answer.perplexity };
	}
	// The graphics card may be full of models that answer; the processor gives the same numbers, only later.
	if (backend !== "cpu" && !signal.aborted) {
		return measure(file, threads, "cpu", signal, onProgress);
	}
	return fail(`${path.basename(file)} does not pass its test: ${measured.ok ? "no answer" : measured.reason}. Nothing was installed.`);
}

async function quantize(plan: QuantizePlan, folder: string, context: JobContext, parts: QuantizeParts, job: Job): Promise<Answer<Result>> {
	const { source, modelId, task } = plan;
	const { signal } = context;
	const { type } = job.request;
	const startMs = performance.now();
	const name = `${modelId}.gguf`;
	const target = path.join(folder, name);
	const written = await runQuantizer({ ...task, target }, { signal, onProgress: reporter(context, "quantize", `converting to ${type}`) });
	if (!written.ok) {
		return fail(`${source.id} could not become ${type}: ${written.reason}.`);
	}
	const read = await readGgufHeader(target);
	if (!read.ok) {
		return fail(`The result ${read.reason}. Nothing was installed.`);
	}
	const { size } = await stat(target);
	const onDigest = reporter(context, "digest", "computing the checksum");
	const sha256 = await digestOf(target, (bytes) => onDigest(bytes / size), signal);
	const backend = parts.backend();
	const before = await measure(source.path, task.threads, backend, signal, reporter(context, "source", "measuring the source"));
	if (!before.ok) {
		return before;
	}
	const after = await measure(target, task.threads, backend, signal, reporter(context, "result", "measuring the result"));
	if (!after.ok) {
		return after;
	}
	const facts = ggufFacts(read.header);
	const published = await publishModel(folder, parts.modelDir(), {
		version: 1,
		id: modelId,
		title: `${source.title} ${type}`,
		format: "gguf",
		files: [{ name, bytes: size, sha256 }],
		origin: `quantize:${source.id}:${type}`,
		revision: null,
		licence: source.licence,
		quantisation: type,
		architecture: facts.architecture,
		trainedContextTokens: facts.trainedContextTokens,
		parameters: facts.parameters,
		defaultSystemPrompt: source.defaultSystemPrompt,
		defaultTemperature: source.defaultTemperature,
		installedAt: new Date().toISOString(),
	});
	if (!published.ok) {
		return published;
	}
	await parts.library.welcome(modelId);
	return {
		ok: true,
		value: {
			modelId,
			type,
			sourceBytes: source.fileBytes,
			fileBytes: size,
			sha256,
			sourcePerplexity: before.value.value,
			perplexity: after.value.value,
			perplexityTokens: after.value.tokens,
			elapsedMs: performance.now() - startMs,
		},
	};
}

/** What a plan is made from at this moment. */
export function planParts({ library, modelDir, availableBytes }: QuantizeParts, signal: AbortSignal): PlanParts {
	return { library, modelDir: modelDir(), availableBytes: availableBytes(), signal };
}

/** Quantisations as jobs, one at a time: written aside, checked, measured against the source, then published in one step. */
export function quantizeWork(parts: QuantizeParts): JobWork<"quantize"> {
	return {
		kind: "quantize",
		concurrency: 1,
		resumes: false,
		async run(job, context) {
			const { signal } = context;
			const plan = await planQuantize(job.request, planParts(parts, signal));
			if (!plan.ok) {
				return plan;
			}
			const folder = stagingFolder(parts.modelDir(), job.id);
			await mkdir(folder, { recursive: true });
			try {
				return await quantize(plan.value, folder, context, parts, job);
			} finally {
				await rm(folder, { recursive: true, force: true });
			}
		},
		discard: (job) => rm(stagingFolder(parts.modelDir(), job.id), { recursive: true, force: true }),
	};
}
