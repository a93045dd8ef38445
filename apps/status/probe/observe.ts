import { z } from "zod";
import type { HttpAnswer, HttpGet } from "./http-get.ts";
import type { Observation } from "./observation.ts";
import type { ProbeRequest } from "./targets.ts";

/** As much of a health body as is read here, of this platform's servers of any version. */
const healthBodySchema = z.object({ status: z.string(), reason: z.string().optional() });

const longestReason = 200;

function parseHealth(body: string): z.infer<typeof healthBodySchema> | null {
	try {
		return healthBodySchema.safeParse(JSON.parse(body)).data ?? null;
	} catch (error) {
		if (error instanceof SyntaxError) {
			return null;
		}
		throw error;
	}
}

function unexpectedStatus({ status, latencyMs }: HttpAnswer): Observation {
	if (status >= 500) {
		return { outcome: "failing", reason: `Answers with an error (HTTP ${status}).`, latencyMs };
	}
	const reason =
		status === 401 || status === 403
			? `Refuses the check (HTTP ${status}): its key may be wrong.`
			: `Answers HTTP ${status} instead of 200.`;
	return { outcome: "impaired", reason, latencyMs };
}

function readHealthAnswer(answer: HttpAnswer): Observation {
	const health = parseHealth(answer.body);
	if (health === null) {
		const stranger = { outcome: "impaired", reason: "Another program answers at its address.", latencyMs: answer.latencyMs } as const;
		return answer.status === 200 ? stranger : unexpectedStatus(answer);
	}
	if (answer.status === 200 && health.status === "ok") {
		return { outcome: "fine", reason: null, latencyMs: answer.latencyMs };
	}
	const reason =
		health.reason?.trim().slice(0, longestReason) || (health.status === "starting" ? "Is still starting." : "Says that it is not ready.");
	return { outcome: health.status === "starting" ? "impaired" : "failing", reason, latencyMs: answer.latencyMs };
}

/** Judges an answer by what the part is known to send when it is well. */
export function readAnswer(expects: ProbeRequest["expects"], answer: HttpAnswer): Observation {
	if (expects === "health") {
		return readHealthAnswer(answer);
	}
	return answer.status === 200 ? { outcome: "fine", reason: null, latencyMs: answer.latencyMs } : unexpectedStatus(answer);
}

function errorCode(error: unknown): string | null {
	return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

/** Asks a part once and always ends within the limit; a check that gets no answer is an observation, not an error. */
export async function observe(request: ProbeRequest, get: HttpGet, timeoutMs: number): Promise<Observation> {
	const limit = new AbortController();
	const timer = setTimeout(() => limit.abort(), timeoutMs);
	try {
		return readAnswer(request.expects, await get(request, limit.signal));
	} catch (error) {
		if (limit.signal.aborted) {
			return { outcome: "failing", reason: `No answer within ${timeoutMs / 1000} s.`, latencyMs: null };
		}
		if (errorCode(error) === "ECONNREFUSED") {
			return { outcome: "unreachable", reason: "Nothing listens at its address.", latencyMs: null };
		}
		return { outcome: "failing", reason: "The connection failed before an answer came.", latencyMs: null };
	} finally {
		clearTimeout(timer);
	}
}
