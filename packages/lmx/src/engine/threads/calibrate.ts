import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { LibllamaContext } from "../context/libllama-context.ts";
import { bestThreads, type Measured, threadCandidates } from "./thread-candidates.ts";
import type { ThreadSettings } from "./thread-settings.ts";

/** Time for the steps of one kind with one thread count; on two idle cores the whole takes about half a second. */
const limitMsPerCount = 140;
/** After this, what was found so far has to do: a crowded machine is no place for comparisons. */
const limitMs = 1200;
/** More threads that make a step this much slower are not worth a longer look. */
const hopeless = 1.5;
const promptTokens = 64;

/** Mean time of a step with `width` sequences, over as many steps as fit into the limit. */
function measureSteps(context: LibllamaContext, width: number, token: number, giveUpMs: number): number {
	context.clear();
	const step = (position: number): void => {
		for (let sequence = 0; sequence < width; sequence++) {
			context.add(token, position, sequence, true);
		}
		context.decode();
	};
	const mostSteps = Math.min(100, Math.floor(context.contextTokens / width) - 1);
	const warmUpAtMs = performance.now();
	step(0);
	const startMs = performance.now();
	if (startMs - warmUpAtMs > giveUpMs * 2) {
		return startMs - warmUpAtMs;
	}
	let steps = 0;
	do {
		step(++steps);
	} while (performance.now() - startMs < limitMsPerCount && steps < mostSteps);
	return (performance.now() - startMs) / steps;
}

function measurePrompt(context: LibllamaContext, token: number): number {
	context.clear();
	const startMs = performance.now();
	for (let position = 0; position < promptTokens; position++) {
		context.add(token, position, 0, position === promptTokens - 1);
	}
	context.decode();
	return (performance.now() - startMs) / promptTokens;
}

/** Measures thread counts with a reader's load beside, and leaves the context empty. */
export async function calibrate(context: LibllamaContext, cores: number, token: number): Promise<ThreadSettings> {
	const reader = new Worker(new URL("./reader-load.ts", import.meta.url));
	await once(reader, "online");
	const width = Math.min(6, context.sequences);
	const single: Measured[] = [];
	const batched: Measured[] = [];
	const deadlineMs = performance.now() + limitMs;
	for (const threads of threadCandidates(cores)) {
		context.setThreads(threads, threads);
		const fastestMs = Math.min(...single.map(({ ms }) => ms));
		const ms = measureSteps(context, 1, token, fastestMs);
		single.push({ threads, ms });
		if (ms > fastestMs * hopeless) {
			break;
		}
		batched.push({ threads, ms: measureSteps(context, width, token, Math.min(...batched.map((measured) => measured.ms))) });
		if (performance.now() > deadlineMs) {
			break;
		}
	}
	const bestSingle = bestThreads(single);
	const best = { single: bestSingle.threads, batched: bestThreads(batched).threads };
	context.setThreads(best.single, best.batched);
	const msPerPromptToken = measurePrompt(context, token);
	await reader.terminate();
	context.clear();
	return { ...best, msPerToken: bestSingle.ms, msPerPromptToken };
}
