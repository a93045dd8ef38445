import { broken, type CheckOutcome, fine } from "@opta/contracts/doctor-check";
import { collectAnswer } from "../server/answers/collect-answer.ts";
import type { Answer, Call, CompletionCall } from "../serving/backend.ts";
import type { ResidentModel } from "../serving/resident-model.ts";

/** An answer this short ago is proof enough. */
const recentMs = 60_000;

const question: CompletionCall = { prompt: "Hello", suffix: null, max_tokens: 1, temperature: 0, logprobs: null };

function seconds(ms: number): string {
	return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

/** Has an idle model compute as little as it can: one token, or the vector or rank of one word. */
async function ask(resident: ResidentModel, requestId: string, signal: AbortSignal): Promise<Answer<unknown>> {
	const { backend } = resident.runner;
	const call: Call = { requestId, client: "doctor", priority: "low" };
	const release = resident.hold(undefined);
	try {
		if (backend.facts.generates) {
			return await collectAnswer((listener) => backend.complete(question, call, listener), signal);
		}
		return backend.facts.reranks ? await backend.rerank("Hello", ["Hello"], signal) : await backend.embed(["Hello"], signal);
	} finally {
		release();
	}
}

/**
 * Whether a loaded model answers: from what it does now or has done in the last minute, else by one token. A model that
 * somebody uses is never given work by the doctor.
 */
export async function probeModel(resident: ResidentModel, requestId: string, signal: AbortSignal): Promise<CheckOutcome> {
	const { id } = resident.model;
	const unload = `Unload it and load it again: opta models unload ${id}`;
	const reason = resident.runner.unhealthyReason();
	if (reason !== null) {
		return broken(reason, unload);
	}
	const { activeRequests, queuedRequests, tokensPerSecond, steps } = resident.runner.status();
	if (resident.isBusy) {
		const speed = tokensPerSecond === null ? "" : `, ${Math.round(tokensPerSecond)} tokens/s`;
		return fine(`${id} answers ${activeRequests} requests now${speed}; ${queuedRequests} wait.`);
	}
	const idleMs = Date.now() - resident.lastUsedAtMs;
	if (steps.answers > 0 && idleMs < recentMs) {
		return fine(`${id} answered ${seconds(idleMs)} ago.`);
	}
	const startedAtMs = performance.now();
	const answer = await ask(resident, requestId, signal);
	return answer.ok
		? fine(`${id} answered a question of the doctor in ${seconds(performance.now() - startedAtMs)}.`)
		: broken(`${id} does not answer: ${answer.error.message}`, unload);
}
