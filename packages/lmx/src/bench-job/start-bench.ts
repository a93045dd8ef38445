import type { BenchRequest } from "@opta/contracts/schema/lmx-jobs";
import type { JobOf } from "../jobs/job-kind.ts";
import type { JobRunner } from "../jobs/job-runner.ts";
import type { Answer } from "../serving/backend.ts";

/** Starts a bench of a model that is known; `explainMissing` says of a name why it is none, or null. */
export function startBench(
	jobs: JobRunner,
	explainMissing: (model: string) => string | null,
	request: BenchRequest,
): Answer<JobOf<"bench">> {
	const problem = request.model === "auto" ? null : explainMissing(request.model);
	return problem === null
		? jobs.start("bench", request, request.model)
		: { ok: false, error: { code: "model_not_found", message: problem, param: "model" } };
}
