import path from "node:path";
import { z } from "zod";
import type { JobOf } from "../jobs/job-kind.ts";
import { catalogue } from "../library/catalogue.ts";
import { isSafeFileName, modelIdFrom } from "../library/safe-names.ts";
import { chooseFiles } from "./choose-files.ts";
import { DownloadFailure } from "./download-failure.ts";
import type { Hub } from "./follow-request.ts";
import { listRepository } from "./hub-listing.ts";
import { type ModelSpec, parseModelSpec } from "./model-spec.ts";

/** What a download resolved to; it does not change while the job lives, also over a restart. */
export const downloadPlanSchema = z.object({
	modelId: z.string(),
	title: z.string(),
	format: z.enum(["gguf", "mlx"]),
	origin: z.string(),
	revision: z.string().nullable(),
	licence: z.string().nullable(),
	defaultSystemPrompt: z.string().nullable(),
	defaultTemperature: z.number().nullable(),
	files: z.array(
		z.object({
			name: z.string(),
			url: z.string(),
			bytes: z.int().nullable(),
			sha256: z.string().nullable(),
			gitSha1: z.string().nullable(),
		}),
	),
});

/** What a download resolved to. */
export type DownloadPlan = z.infer<typeof downloadPlanSchema>;

type Request = JobOf<"download">["request"];

function checkNames(plan: DownloadPlan): DownloadPlan {
	const bad = plan.files.find(({ name }) => !isSafeFileName(name));
	if (bad !== undefined) {
		throw new DownloadFailure("forbidden", `The repository has a file with a name that LMX does not write: ${JSON.stringify(bad.name)}.`);
	}
	return plan;
}

async function planOfHub(
	{ repository, quant, catalogueId }: Extract<ModelSpec, { kind: "hub" }>,
	request: Request,
	hub: Hub,
	signal: AbortSignal,
): Promise<DownloadPlan> {
	const { revision, licence, files } = await listRepository(hub, repository, request.revision ?? "main", signal);
	const chosen = chooseFiles(repository, files, quant);
	if (!chosen.ok) {
		throw new DownloadFailure(chosen.error.code, chosen.error.message);
	}
	const { format, stem, files: wanted } = chosen.value;
	const entry = catalogue.models.find(({ id }) => id === catalogueId);
	const name = stem ?? path.posix.basename(repository);
	return {
		modelId: request.id ?? catalogueId ?? modelIdFrom(name),
		title: entry?.title ?? name,
		format,
		origin: `hf:${repository}${quant === null ? "" : `:${quant}`}`,
		revision,
		licence: entry?.licence ?? licence,
		defaultSystemPrompt: entry?.defaultSystemPrompt ?? null,
		defaultTemperature: entry?.defaultTemperature ?? null,
		files: wanted.map(({ path: place, bytes, sha256, gitSha1 }) => ({
			name: path.posix.basename(place),
			url: new URL(`/${repository}/resolve/${revision}/${place.split("/").map(encodeURIComponent).join("/")}`, hub.origin).href,
			bytes,
			sha256,
			gitSha1,
		})),
	};
}

function planOfAddress({ url }: Extract<ModelSpec, { kind: "address" }>, request: Request): DownloadPlan {
	const name = decodeURIComponent(path.posix.basename(url.pathname));
	if (!/\.gguf$/i.test(name)) {
		throw new DownloadFailure("invalid_request", "The address must be of a GGUF file, one that ends in .gguf.");
	}
	return {
		modelId: request.id ?? modelIdFrom(name),
		title: name.replace(/\.gguf$/i, ""),
		format: "gguf",
		origin: `${url.origin}${url.pathname}`,
		revision: null,
		licence: null,
		defaultSystemPrompt: null,
		defaultTemperature: null,
		files: [{ name, url: url.href, bytes: null, sha256: request.sha256 ?? null, gitSha1: null }],
	};
}

/** Finds out which files a request means. Throws DownloadFailure, PassingTrouble, or the abort. */
export async function planDownload(request: Request, hub: Hub, signal: AbortSignal): Promise<DownloadPlan> {
	const spec = parseModelSpec(request.model);
	if (!spec.ok) {
		throw new DownloadFailure(spec.error.code, spec.error.message);
	}
	return checkNames(spec.value.kind === "hub" ? await planOfHub(spec.value, request, hub, signal) : planOfAddress(spec.value, request));
}
