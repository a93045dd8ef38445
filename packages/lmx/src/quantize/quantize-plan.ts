import { availableParallelism } from "node:os";
import path from "node:path";
import type { QuantizeRequest } from "@opta/contracts/schema/lmx-jobs";
import { explainMissingSpace } from "../library/disk-space.ts";
import { fileTypes } from "../library/gguf/file-types.ts";
import { ggufFacts } from "../library/gguf/gguf-facts.ts";
import { readGgufHeader } from "../library/gguf/read-gguf-header.ts";
import type { InstalledModel, ModelLibrary } from "../library/installed-model.ts";
import { modelIdFrom } from "../library/safe-names.ts";
import type { Answer, AnswerError } from "../serving/backend.ts";
import type { QuantizeTask } from "./quantize-messages.ts";
import { runQuantizer } from "./run-quantizer.ts";

/** Most memory for the rows that are worked on; llama.cpp's own bound is eight times this. */
const bufferBytes = 1024 ** 3;
/** What a process needs beside the model and the rows. */
const processBytes = 256 * 1024 ** 2;

/** What a quantisation will do. */
export interface QuantizePlan {
	readonly source: InstalledModel;
	readonly modelId: string;
	readonly task: Extract<QuantizeTask, { type: "quantize" }>;
	/** Size of the result, without its header. */
	readonly tensorBytes: number;
}

/** What a plan is made from. */
export interface PlanParts {
	readonly library: ModelLibrary;
	readonly modelDir: string;
	/** Memory that is free now, in bytes. */
	readonly availableBytes: number;
	readonly signal: AbortSignal;
}

type Planned<T> = Answer<T>;

function refuse(code: AnswerError["code"], message: string, extra: Pick<AnswerError, "param" | "details"> = {}): Planned<never> {
	return { ok: false, error: { code, message, ...extra } };
}

function sourceOf({ model }: QuantizeRequest, library: ModelLibrary): Planned<InstalledModel> {
	const source = library.find(model);
	if (source === undefined) {
		return refuse("model_not_found", library.explainMissing(model), { param: "model" });
	}
	return source.format === "gguf"
		? { ok: true, value: source }
		: refuse("invalid_request", `The model "${model}" is an MLX model. Only GGUF models can be quantised here.`, { param: "model" });
}

async function explainRequantize({ type, allowRequantize }: QuantizeRequest, source: InstalledModel): Promise<AnswerError | null> {
	const read = await readGgufHeader(source.path);
	if (!read.ok) {
		return { code: "conflict", message: `The model file ${source.path} ${read.reason}.` };
	}
	const { isQuantised, quantisation } = ggufFacts(read.header);
	if (!isQuantised || allowRequantize === true) {
		return null;
	}
	const message = `The model "${source.id}" is quantised already (${quantisation ?? "unknown"}); from there ${type} comes out worse than from the original. Take the original, or set "allowRequantize".`;
	return { code: "invalid_request", message, param: "allowRequantize" };
}

/** The bytes that llama.cpp's dry run foretells; null where it says nothing. */
export function foretoldBytes(lines: readonly string[]): number | null {
	const match = lines.map((line) => /quant size\s*=\s*([\d.]+) MiB/.exec(line)).findLast((found) => found !== null);
	return match === null || match === undefined ? null : Math.ceil(Number(match[1]) * 1024 ** 2);
}

function explainMissingMemory(source: InstalledModel, availableBytes: number): AnswerError | null {
	const requiredBytes = Math.min(bufferBytes, source.fileBytes * 2) + source.fileBytes + processBytes;
	if (requiredBytes <= availableBytes) {
		return null;
	}
	const inGb = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
	return {
		code: "insufficient_memory",
		message: `Quantising and measuring "${source.id}" needs ${inGb(requiredBytes)} of memory, but ${inGb(availableBytes)} are free. Unload a model, or take a smaller one.`,
		details: { requiredBytes, availableBytes },
	};
}

/** Checks everything that can be checked before the work: source, name, type, memory and disk, with the numbers. */
export async function planQuantize(
	request: QuantizeRequest,
	{ library, modelDir, availableBytes, signal }: PlanParts,
): Promise<Planned<QuantizePlan>> {
	const found = sourceOf(request, library);
	if (!found.ok) {
		return found;
	}
	const source = found.value;
	const { type } = request;
	const modelId = request.id ?? modelIdFrom(`${source.id}-${type}`);
	if (library.find(modelId) !== undefined) {
		return refuse("conflict", `There is a model named "${modelId}" already. Delete it first, or give another id.`, { param: "id" });
	}
	const problem = (await explainRequantize(request, source)) ?? explainMissingMemory(source, availableBytes);
	if (problem !== null) {
		return { ok: false, error: problem };
	}
	const task = {
		type: "quantize",
		source: source.path,
		target: null,
		fileType: fileTypes[type],
		threads: request.threads ?? Math.max(1, availableParallelism() - 1),
		allowRequantize: request.allowRequantize === true,
		bufferBytes,
	} as const;
	const tried = await runQuantizer(task, { signal, onProgress: () => undefined });
	if (!tried.ok) {
		return refuse("invalid_request", `${path.basename(source.path)} cannot become ${type}: ${tried.reason}.`, { param: "type" });
	}
	if (tried.lines.some((line) => line.includes("will require an imatrix"))) {
		const message = `${type} needs an importance matrix for this model, which LMX does not make. Choose a type that does not, such as Q4_K_M or IQ4_XS.`;
		return refuse("invalid_request", message, { param: "type" });
	}
	const tensorBytes = foretoldBytes(tried.lines) ?? source.fileBytes;
	const space = await explainMissingSpace(modelDir, tensorBytes + (await headerBytes(source)));
	return space === null ? { ok: true, value: { source, modelId, task, tensorBytes } } : { ok: false, error: space };
}

async function headerBytes({ path: file }: InstalledModel): Promise<number> {
	const read = await readGgufHeader(file);
	return read.ok ? read.header.dataOffset : 0;
}
