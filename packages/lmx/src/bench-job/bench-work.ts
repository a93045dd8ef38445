import type { BenchPoint } from "@opta/contracts/schema/lmx-jobs";
import type { JobOf, JobWork } from "../jobs/job-kind.ts";
import type { ModelLibrary } from "../library/installed-model.ts";
import { sampleText } from "../quantize/sample-text.ts";
import type { Answer, InferenceBackend, ModelProvider } from "../serving/backend.ts";
import { summarisePoint } from "./summarise-point.ts";
import { timeAnswer } from "./time-answer.ts";

const usualBatchSizes = [1, 2, 4, 8];
const usualPromptTokens = 256;
const usualGeneratedTokens = 64;

/** What a bench works on. */
export interface BenchParts {
	readonly models: ModelProvider;
	readonly library: ModelLibrary;
}

type Request = JobOf<"bench">["request"];
type Result = NonNullable<JobOf<"bench">["result"]>;

/** What is measured. */
export interface BenchShape {
	readonly batchSizes: readonly number[];
	readonly promptTokens: number;
	readonly generatedTokens: number;
}

/** Fills in what a request leaves out so that all answers of the largest batch fit into the context; refuses wishes that do not. */
export function benchShape(request: Request, contextTokens: number): Answer<BenchShape> {
	const wanted = request.batchSizes ?? usualBatchSizes;
	const least = (request.promptTokens ?? 16) + (request.generatedTokens ?? 8);
	const batchSizes = request.batchSizes == null ? wanted.filter((size) => size * least <= contextTokens) : wanted;
	const each = Math.floor(contextTokens / Math.max(1, ...batchSizes));
	const generatedTokens = request.generatedTokens ?? Math.min(usualGeneratedTokens, Math.max(2, Math.floor(each / 4)));
	const promptTokens = request.promptTokens ?? Math.max(1, Math.min(usualPromptTokens, each - generatedTokens - 1));
	const needed = (promptTokens + generatedTokens) * Math.max(0, ...batchSizes);
	if (batchSizes.length === 0 || needed > contextTokens) {
		const message = `${Math.max(...wanted)} answers of ${promptTokens} and ${generatedTokens} tokens need a context of ${needed} tokens, and this one has ${contextTokens}.`;
		return { ok: false, error: { code: "context_length_exceeded", message, details: { required: needed, limit: contextTokens } } };
	}
	return { ok: true, value: { batchSizes, promptTokens, generatedTokens } };
}

/** A prompt of its own for each answer, so that none is taken from another's. */
function promptOf(tokens: readonly number[], index: number, length: number): number[] {
	return Array.from({ length }, (_, place) => tokens[(index * 97 + place) % tokens.length] ?? 0);
}

async function measurePoint(
	backend: InferenceBackend,
	tokens: readonly number[],
	size: number,
	first: number,
	shape: BenchShape,
	signal: AbortSignal,
): Promise<Answer<BenchPoint>> {
	const startMs = performance.now();
	const answers = await Promise.all(
		Array.from({ length: size }, (_, index) =>
			timeAnswer(backend, promptOf(tokens, first + index, shape.promptTokens), shape.generatedTokens, signal),
		),
	);
	const failed = answers.find((answer) => !answer.ok);
	return failed === undefined || failed.ok
		? {
				ok: true,
				value: summarisePoint(
					startMs,
					answers.flatMap((answer) => (answer.ok ? [answer.value] : [])),
				),
			}
		: failed;
}

/** Benches as jobs, one at a time, through the same way that requests take; other people's requests go first. */
export function benchWork({ models, library }: BenchParts): JobWork<"bench"> {
	return {
		kind: "bench",
		concurrency: 1,
		resumes: false,
		async run({ request }, { signal, report, rename }): Promise<Answer<Result>> {
			report({ message: "waiting for the model" });
			const lease = await models.acquire({ model: request.model, signal });
			if (!lease.ok) {
				return lease;
			}
			const { modelId, backend, release } = lease.value;
			rename(modelId);
			try {
				const { contextTokens } = backend.facts;
				const shape = benchShape(request, contextTokens);
				if (!shape.ok) {
					return shape;
				}
				const text = await backend.tokenize(sampleText, { special: false, begin: false });
				if (!text.ok) {
					return text;
				}
				const { tokens } = text.value;
				const points: BenchPoint[] = [];
				let first = 0;
				for (const size of shape.value.batchSizes) {
					report({
						message: `${size} ${size === 1 ? "answer" : "answers"} at a time`,
						fraction: points.length / shape.value.batchSizes.length,
					});
					const point = await measurePoint(backend, tokens, size, first, shape.value, signal);
					if (!point.ok) {
						return point;
					}
					points.push(point.value);
					first += size;
				}
				return { ok: true, value: { modelId, quantisation: library.find(modelId)?.quantisation ?? null, contextTokens, points } };
			} finally {
				release();
			}
		},
		discard: () => Promise.resolve(),
	};
}
