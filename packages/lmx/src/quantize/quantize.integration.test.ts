import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { quantisations } from "@opta/contracts/quantisations";
import type { Job, QuantizeRequest } from "@opta/contracts/schema/lmx-jobs";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EventBus } from "../events/event-bus.ts";
import { JobRunner } from "../jobs/job-runner.ts";
import { JobStore } from "../jobs/job-store.ts";
import { FolderLibrary, partialFolder } from "../library/folder-library.ts";
import { fileTypes } from "../library/gguf/file-types.ts";
import { sha256 } from "../testing/fake-hub.ts";
import { foretoldBytes, planQuantize } from "./quantize-plan.ts";
import { type QuantizeParts, quantizeWork } from "./quantize-work.ts";
import { runQuantizer } from "./run-quantizer.ts";
import { startQuantize } from "./start-quantize.ts";

const stories = path.join(import.meta.dirname, "../../models/stories260K.gguf");
let home: string;
let modelDir: string;
let events: EventBus;
let library: FolderLibrary;
let store: JobStore;
let jobs: JobRunner;
let parts: QuantizeParts;
let availableBytes: number;

beforeEach(async () => {
	home = mkdtempSync(path.join(tmpdir(), "opta-quantize-"));
	modelDir = path.join(home, "models");
	mkdirSync(modelDir);
	copyFileSync(stories, path.join(modelDir, "tales.gguf"));
	events = new EventBus();
	const logger = pino({ level: "silent" });
	library = await FolderLibrary.open({ modelDir, stateDir: home, modelFile: null, events, logger });
	store = new JobStore(path.join(home, "jobs.sqlite"));
	jobs = new JobRunner({ store, events, logger });
	availableBytes = 8e9;
	parts = { library, modelDir: () => modelDir, availableBytes: () => availableBytes, backend: () => "cpu" };
	jobs.register(quantizeWork(parts));
	jobs.begin();
});
afterEach(async () => {
	await jobs.close();
	store.close();
	library.close();
	rmSync(home, { recursive: true, force: true });
});

async function start(request: QuantizeRequest): Promise<Job> {
	const started = await startQuantize(jobs, parts, request);
	if (!started.ok) {
		throw new Error(`${started.error.code}: ${started.error.message}`);
	}
	return started.value;
}

function ended(id: string): Promise<Job> {
	return new Promise((resolve) => {
		events.subscribe((event) => {
			const job = jobs.get("quantize", id);
			if (event.type === "job.updated" && job !== undefined && ["succeeded", "failed", "cancelled"].includes(job.state)) {
				resolve(job);
			}
		});
	});
}

describe("quantising", () => {
	it("makes a smaller model of the library, with its checksum and both perplexities", async () => {
		const { id } = await start({ model: "tales", type: "Q8_0" });
		const job = await ended(id);
		expect(job).toMatchObject({ state: "succeeded", model: "tales-q8_0", result: { modelId: "tales-q8_0", type: "Q8_0" } });
		const result = job.kind === "quantize" ? job.result : null;
		const made = library.find("tales-q8_0");
		expect(made).toMatchObject({ quantisation: "Q8_0", origin: "quantize:tales:Q8_0", sha256: sha256(readFileSync(made?.path ?? "")) });
		expect(result?.fileBytes).toBeLessThan((result?.sourceBytes ?? 0) / 2);
		expect(result?.perplexityTokens).toBeGreaterThan(500);
		expect(Math.abs((result?.perplexity ?? 0) / (result?.sourcePerplexity ?? 1) - 1)).toBeLessThan(0.05);
		expect(readdirSync(partialFolder(modelDir))).toEqual([]);
		await expect(start({ model: "tales", type: "Q8_0" })).rejects.toThrow("conflict");
		await expect(start({ model: "tales-q8_0", type: "Q4_0" })).rejects.toThrow("is quantised already (Q8_0)");
		const again = await start({ model: "tales-q8_0", type: "Q4_0", allowRequantize: true });
		expect(await ended(again.id)).toMatchObject({ state: "succeeded" });
	});

	it("refuses with the numbers when memory would not do", async () => {
		availableBytes = 1e6;
		expect(await startQuantize(jobs, parts, { model: "tales", type: "Q8_0" })).toMatchObject({
			ok: false,
			error: { code: "insufficient_memory", details: { availableBytes: 1e6, requiredBytes: expect.any(Number) } },
		});
		expect(jobs.list("quantize")).toEqual([]);
	});

	it("refuses what is not there and what needs an importance matrix", async () => {
		await expect(start({ model: "nothing", type: "Q8_0" })).rejects.toThrow("model_not_found");
		await expect(start({ model: "smollm2-135m-instruct", type: "IQ2_XXS", allowRequantize: true })).rejects.toThrow("importance matrix");
	});

	it("ends its process and leaves nothing when it is cancelled", async () => {
		const { id } = await start({ model: "smollm2-135m-instruct", type: "Q4_K_M", allowRequantize: true });
		await new Promise<void>((resolve) => {
			events.subscribe((event) => {
				if (event.type === "job.updated" && event.message?.startsWith("converting") === true) {
					resolve();
				}
			});
		});
		expect(await jobs.cancel("quantize", id)).toMatchObject({ ok: true, value: { state: "cancelled" } });
		expect(readdirSync(partialFolder(modelDir))).toEqual([]);
		expect(library.find("smollm2-135m-instruct-q4_k_m")).toBeUndefined();
	});

	it("knows every type by the number that the library gives it", async () => {
		for (const type of quantisations) {
			const task = {
				type: "quantize",
				source: stories,
				target: null,
				fileType: fileTypes[type],
				threads: 1,
				allowRequantize: false,
				bufferBytes: 2 ** 26,
			} as const;
			const tried = await runQuantizer(task, { signal: new AbortController().signal, onProgress: () => undefined });
			if (type === "Q1_0") {
				expect(tried).toMatchObject({ ok: false, reason: "no tensor type fallback is defined for type q1_0" });
			} else {
				expect(tried.ok && foretoldBytes(tried.lines), type).toBeGreaterThan(100_000);
			}
		}
	});

	it("writes nothing when it only asks for the size", async () => {
		const plan = await planQuantize(
			{ model: "tales", type: "Q4_0" },
			{ library, modelDir, availableBytes, signal: new AbortController().signal },
		);
		expect(plan.ok && plan.value.tensorBytes).toBeLessThan(400_000);
		expect(existsSync(partialFolder(modelDir))).toBe(false);
	});
});
