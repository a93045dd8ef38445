import type { LibllamaContext } from "../context/libllama-context.ts";
import { calibrate } from "./calibrate.ts";
import { createIdleMeter } from "./idle-cores.ts";
import { threadCandidates } from "./thread-candidates.ts";
import { machineKey, readThreadSettings, type ThreadSettings, writeThreadSettings } from "./thread-settings.ts";
import { generatingPace, readingPace, ThreadTuner } from "./thread-tuner.ts";

/** With a GPU the processor only feeds it. */
const gpuFeedThreads = 4;

/** Where and how the model runs. */
export interface ThreadPlace {
	readonly cores: number;
	/** Build and release of the library; another one is measured anew. */
	readonly engine: string;
	readonly onGpu: boolean;
}

/** What the person said, and where measurements are kept. */
export interface ThreadWish {
	/** Null: measured. */
	readonly threads: number | null;
	readonly modelKey: string;
	readonly threadsFile: string;
}

/** Threads that a model begins with. */
export interface ChosenThreads {
	/** For steps of one token. */
	readonly single: number;
	/** For prompts and for several answers at once. */
	readonly batched: number;
	/** Null when it was not measured. */
	readonly msPerPromptToken: number | null;
}

/** A measurement that cannot be kept is made again at the next start; stderr goes to the log. */
function keepThreadSettings(file: string, key: string, threads: ThreadSettings): void {
	try {
		writeThreadSettings(file, key, threads);
	} catch (error) {
		process.stderr.write(`Measured thread counts cannot be kept in ${file}: ${String(error)}\n`);
	}
}

function tune(context: LibllamaContext, cores: number, { single, batched, msPerToken, msPerPromptToken }: ThreadSettings): void {
	const candidates = threadCandidates(cores);
	context.tuneThreads({
		single: new ThreadTuner(candidates, { threads: single, expectedMs: msPerToken }, generatingPace, createIdleMeter()),
		batched: new ThreadTuner(candidates, { threads: batched, expectedMs: null }, generatingPace, createIdleMeter()),
		reading: new ThreadTuner(candidates, { threads: batched, expectedMs: msPerPromptToken }, readingPace, createIdleMeter()),
	});
}

/**
 * Sets the threads of a context: those that were asked for, else what was measured on this machine, now or before. What a
 * busy machine showed is not kept, so that the next load measures again.
 */
export async function chooseThreads(context: LibllamaContext, wish: ThreadWish, place: ThreadPlace): Promise<ChosenThreads> {
	const { cores, engine, onGpu } = place;
	if (wish.threads !== null || onGpu) {
		const threads = wish.threads ?? Math.min(cores, gpuFeedThreads);
		context.setThreads(threads, threads);
		return { single: threads, batched: threads, msPerPromptToken: null };
	}
	const key = machineKey(wish.modelKey, cores, engine);
	let measured = readThreadSettings(wish.threadsFile, key);
	if (measured === null) {
		const { settings, isCalm } = await calibrate(context, cores, 1);
		measured = settings;
		if (isCalm) {
			keepThreadSettings(wish.threadsFile, key, measured);
		}
	}
	context.setThreads(measured.single, measured.batched);
	tune(context, cores, measured);
	return measured;
}
