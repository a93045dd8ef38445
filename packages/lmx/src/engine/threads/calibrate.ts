import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { LibllamaContext } from "../context/libllama-context.ts";
import { bestThreads, type Measured, threadCandidates } from "./thread-candidates.ts";
import type { ThreadSettings } from "./thread-settings.ts";

/** Time for one thread count; a whole calibration on two cores takes about half a second. */
const limitMsPerCount = 140;
const promptTokens = 64;

/** Mean time of a step with `width` sequences, over as many steps as fit into the limit. */
function measureSteps(context: LibllamaContext, width: number, token: number): number {
	context.clear();
	const step = (position: number): void => {
		for (let sequence = 0; sequence < width; sequence++) {
			context.add(token, position, sequence, true);
		}
		context.decode();
	};
	step(0);
	const mostSteps = Math.min(100, Math.floor(context.contextTokens / width) - 1);
	const startMs = performance.now();
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
	for (const threads of threadCandidates(cores)) {
		context.setThreads(threads, threads);
		single.push({ threads, ms: measureSteps(context, 1, token) });
		batched.push({ threads, ms: measureSteps(context, width, token) });
	}
	const best = { single: bestThreads(single).threads, batched: bestThreads(batched).threads };
	context.setThreads(best.single, best.batched);
	const msPerPromptToken = measurePrompt(context, token);
	await reader.terminate();
	context.clear();
	return { ...best, msPerPromptToken };
}
