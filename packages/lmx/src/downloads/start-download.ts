import type { DownloadRequest } from "@opta/contracts/schema/lmx-jobs";
import type { JobOf } from "../jobs/job-kind.ts";
import type { JobRunner } from "../jobs/job-runner.ts";
import type { ModelLibrary } from "../library/installed-model.ts";
import { modelIdFrom } from "../library/safe-names.ts";
import type { Answer } from "../serving/backend.ts";
import { parseModelSpec } from "./model-spec.ts";

/** The name to show until the files are known. */
function expectedId(request: DownloadRequest, spec: Extract<ReturnType<typeof parseModelSpec>, { ok: true }>["value"]): string {
	if (request.id != null) {
		return request.id;
	}
	if (spec.kind === "hub") {
		return spec.catalogueId ?? modelIdFrom(`${spec.repository.split("/")[1] ?? ""}${spec.quant === null ? "" : `-${spec.quant}`}`);
	}
	return modelIdFrom(spec.url.pathname.split("/").at(-1) ?? "");
}

/** Starts a download. Asking twice for the same gives the job that is under way. */
export function startDownload(jobs: JobRunner, library: ModelLibrary, request: DownloadRequest): Answer<JobOf<"download">> {
	const spec = parseModelSpec(request.model);
	if (!spec.ok) {
		return spec;
	}
	const running = jobs
		.list("download")
		.find((job) => job.request.model === request.model && (job.state === "queued" || job.state === "running" || job.state === "paused"));
	if (running !== undefined) {
		return { ok: true, value: running };
	}
	const id = expectedId(request, spec.value);
	if (library.find(id) !== undefined) {
		const message = `There is a model named "${id}" already. Delete it first, or give another id.`;
		return { ok: false, error: { code: "conflict", message, param: "id" } };
	}
	return jobs.start("download", request, id);
}
