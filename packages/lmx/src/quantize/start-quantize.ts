import type { QuantizeRequest } from "@opta/contracts/schema/lmx-jobs";
import type { JobOf } from "../jobs/job-kind.ts";
import type { JobRunner } from "../jobs/job-runner.ts";
import type { Answer } from "../serving/backend.ts";
import { planQuantize } from "./quantize-plan.ts";
import { planParts, type QuantizeParts } from "./quantize-work.ts";

/** The dry run reads headers only; a disk that takes longer is a problem to report. */
const checkMs = 60_000;

/** Checks a quantisation wholly and starts it; what cannot succeed is refused here, with the numbers. */
export async function startQuantize(jobs: JobRunner, parts: QuantizeParts, request: QuantizeRequest): Promise<Answer<JobOf<"quantize">>> {
	const plan = await planQuantize(request, planParts(parts, AbortSignal.timeout(checkMs)));
	if (!plan.ok) {
		return plan;
	}
	const { modelId } = plan.value;
	const running = jobs.list("quantize").find(({ model, state }) => model === modelId && (state === "queued" || state === "running"));
	return running === undefined ? jobs.start("quantize", request, modelId) : { ok: true, value: running };
}
