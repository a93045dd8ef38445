import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { LibllamaContext } from "../context/libllama-context.ts";
import { compareCounts } from "./compare-counts.ts";
import { createIdleMeter } from "./idle-cores.ts";
import { bestThreads, threadCandidates } from "./thread-candidates.ts";
import type { ThreadSettings } from "./thread-settings.ts";

/** Time for one sample of steps of one kind; on two idle cores the whole takes about half a second. */
const sampleMs = 30;
/** After this, what was found so far has to do. */
const limitMs = 1200;
/** Time for seeing whether other programs are at work. */
const listeningMs = 60;
/** The machine is calm while all of its cores but this much are idle. */
const busyCores = 0.3;
const promptTokens = 64;

/** What was found, and whether it can be relied on later. */
export interface Calibration {
	readonly settings: ThreadSettings;
	/** Nothing else was at work; what a busy machine shows is not worth keeping. */
	readonly isCalm: boolean;
}

/** Mean time of a step with `width` sequences, over as many steps as fit into a sample. */
function sampleSteps(context: LibllamaContext, width: number, token: number): number {
	context.clear();
	const step = (position: number): void => {
		for (let sequence = 0; sequence < width; sequence++) {
			context.add(token, position, sequence, true);
		}
		context.decode();
	};
	const mostSteps = Math.min(100, Math.floor(context.contextTokens / width) - 1);
	step(0);
	const startMs = performance.now();
	let steps = 0;
	do {
		step(++steps);
	} while (performance.now() - startMs < sampleMs && steps < mostSteps);
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

async function findCalm(cores: number): Promise<boolean> {
	const idleCores = createIdleMeter();
	await new Promise((resolve) => setTimeout(resolve, listeningMs));
	return idleCores() >= cores - busyCores;
}

/** Measures thread counts with a reader's load beside, and leaves the context empty. */
export async function calibrate(context: LibllamaContext, cores: number, token: number): Promise<Calibration> {
	const wasCalm = await findCalm(cores);
	const reader = new Worker(new URL("./reader-load.ts", import.meta.url));
	await once(reader, "online");
	const compare = (width: number): { readonly threads: number; readonly ms: number } => {
		const deadlineMs = performance.now() + limitMs / 2;
		const sample = (threads: number): number => {
			context.setThreads(threads, threads);
			return sampleSteps(context, width, token);
		};
		return bestThreads(compareCounts(threadCandidates(cores), sample, () => performance.now() > deadlineMs));
	};
	const single = compare(1);
	const batched = compare(Math.min(6, context.sequences));
	context.setThreads(single.threads, batched.threads);
	const msPerPromptToken = measurePrompt(context, token);
	await reader.terminate();
	context.clear();
	const settings = { single: single.threads, batched: batched.threads, msPerToken: single.ms, msPerPromptToken };
	return { settings, isCalm: wasCalm && (await findCalm(cores)) };
}
