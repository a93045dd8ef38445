import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { LmxEvent } from "@opta/contracts/schema/lmx-events";
import type { DownloadRequest, Job } from "@opta/contracts/schema/lmx-jobs";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EventBus } from "../events/event-bus.ts";
import { JobRunner } from "../jobs/job-runner.ts";
import { JobStore } from "../jobs/job-store.ts";
import { FolderLibrary, partialFolder, quarantineFolder } from "../library/folder-library.ts";
import { type FakeHub, sha256, startFakeHub } from "../testing/fake-hub.ts";
import { smallModel } from "../testing/gguf-file.ts";
import { type DownloadSettings, usualDownloadSettings } from "./download-run.ts";
import { downloadWork } from "./download-work.ts";
import { startDownload } from "./start-download.ts";

const segmentBytes = 128 * 1024;
/** A model of some segments: padding behind the tensors does no harm. */
const big = Buffer.concat([smallModel("big"), Buffer.from(Array.from({ length: 1_500_000 }, (_, index) => (index * 31) % 251))]);
const part = (number: number): string => `split-Q8_0-0000${number}-of-00002.gguf`;

let home: string;
let modelDir: string;
let hub: FakeHub;
let events: EventBus;
let library: FolderLibrary;
let store: JobStore;
let jobs: JobRunner;
let settings: DownloadSettings;

beforeEach(async () => {
	home = mkdtempSync(path.join(tmpdir(), "opta-download-"));
	modelDir = path.join(home, "models");
	hub = await startFakeHub({ "big-Q4_K_M.gguf": big, "small-Q8_0.gguf": smallModel("small"), "README.md": Buffer.from("hello") });
	events = new EventBus();
	const logger = pino({ level: "silent" });
	library = await FolderLibrary.open({ modelDir, stateDir: path.join(home, "state"), modelFile: null, events, logger });
	store = new JobStore(path.join(home, "jobs.sqlite"));
	settings = { ...usualDownloadSettings, modelDir, hubUrl: hub.origin, token: null, segmentBytes, pauseMs: 5 };
	jobs = new JobRunner({ store, events, logger });
	jobs.register(downloadWork({ library, settings: () => settings }));
	jobs.begin();
});
afterEach(async () => {
	await jobs.close();
	store.close();
	library.close();
	await hub.close();
	rmSync(home, { recursive: true, force: true });
});

function ended(id: string): Promise<Job> {
	return new Promise((resolve) => {
		const look = (): boolean => {
			const job = jobs.get("download", id);
			const isOver = job !== undefined && ["succeeded", "failed", "cancelled"].includes(job.state);
			if (isOver) {
				resolve(job);
			}
			return isOver;
		};
		if (!look()) {
			const end = events.subscribe((event) => {
				if (event.type === "job.updated" && look()) {
					end();
				}
			});
		}
	});
}

async function download(request: DownloadRequest): Promise<Job> {
	const started = startDownload(jobs, library, request);
	if (!started.ok) {
		throw new Error(started.error.message);
	}
	return ended(started.value.id);
}

describe("a download", () => {
	it("brings a model into the library, checked, with what its repository says of it", async () => {
		expect(await download({ model: "hf:me/repo:Q4_K_M" })).toMatchObject({
			state: "succeeded",
			model: "big-q4_k_m",
			result: { modelId: "big-q4_k_m", fileBytes: big.length, verified: true, files: [{ sha256: sha256(big) }] },
		});
		expect(library.find("big-q4_k_m")).toMatchObject({
			licence: "apache-2.0",
			origin: "hf:me/repo:Q4_K_M",
			sha256: sha256(big),
			architecture: "llama",
		});
		expect(readFileSync(library.find("big-q4_k_m")?.path ?? "").equals(big)).toBe(true);
		expect(hub.requests.length).toBe(Math.ceil(big.length / segmentBytes));
		expect(readdirSync(partialFolder(modelDir))).toEqual([]);
		expect(readdirSync(path.join(modelDir, "big-q4_k_m")).sort()).toEqual(["big-Q4_K_M.gguf", "model.json"]);
	});

	it("brings all parts of a split model, and all that an MLX model needs", async () => {
		hub.files.set(part(1), smallModel("one", { "split.count": 2 }));
		hub.files.set(part(2), smallModel("two"));
		expect(await download({ model: "hf:me/repo:split-Q8_0" })).toMatchObject({
			state: "succeeded",
			result: { files: [{ name: part(1) }, { name: part(2) }] },
		});
		hub.files.clear();
		for (const name of [
			"config.json",
			"tokenizer.json",
			"model-00001-of-00002.safetensors",
			"model-00002-of-00002.safetensors",
			"run.py",
			"README.md",
		]) {
			hub.files.set(name, Buffer.from(`{"of":"${name}"}`));
		}
		expect(await download({ model: "me/repo", id: "many" })).toMatchObject({ state: "succeeded", result: { verified: true } });
		expect(library.find("many")?.files.map(({ name }) => name)).not.toContain("run.py");
		expect(library.find("many")).toMatchObject({ format: "mlx", path: path.join(modelDir, "many") });
	});

	it("goes on where the connection broke", async () => {
		hub.behaviour = { cut: { afterBytes: 50_000, times: 6 }, pieceMs: 2 };
		expect(await download({ model: "hf:me/repo:Q4_K_M" })).toMatchObject({ state: "succeeded" });
		const sent = hub.requests.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
		expect(sent).toBeLessThan(big.length + 200_000);
	});

	it("begins anew on a server that cannot go on in the middle", async () => {
		hub.behaviour = { ignoresRanges: true, cut: { afterBytes: 900_000, times: 2 } };
		expect(await download({ model: "hf:me/repo:Q4_K_M" })).toMatchObject({ state: "succeeded", progress: { doneBytes: big.length } });
	});

	it("gives up a server that never gets on, and goes on from there when asked", async () => {
		hub.behaviour = { cut: { afterBytes: 0, times: 10_000 } };
		const failed = await download({ model: "hf:me/repo:Q4_K_M" });
		expect(failed).toMatchObject({ state: "failed", error: { code: "host_unreachable" } });
		hub.behaviour = {};
		await jobs.resume("download", failed.id);
		expect(await ended(failed.id)).toMatchObject({ state: "succeeded", error: null });
	});

	it("puts a file with the wrong checksum aside, says so, and fetches it again when asked", async () => {
		hub.behaviour = { corrupt: true };
		const failed = await download({ model: "hf:me/repo:Q4_K_M" });
		expect(failed).toMatchObject({ state: "failed", error: { code: "conflict", details: { expected: sha256(big) } } });
		expect(readdirSync(quarantineFolder(modelDir)).filter((name) => name.endsWith(".gguf"))).toHaveLength(1);
		expect(library.find("big-q4_k_m")).toBeUndefined();
		hub.behaviour = {};
		await jobs.resume("download", failed.id);
		expect(await ended(failed.id)).toMatchObject({ state: "succeeded" });
	});

	it("refuses a server that lies about the size", async () => {
		hub.behaviour = { listedBytes: 1000 };
		expect(await download({ model: "hf:me/repo:Q4_K_M" })).toMatchObject({
			state: "failed",
			error: { code: "conflict", details: { expectedBytes: 1000, actualBytes: big.length } },
		});
	});

	it("sends the token to the hub and to nobody else", async () => {
		const cdn = await startFakeHub({ "big-Q4_K_M.gguf": big });
		try {
			hub.behaviour = { token: "hf_secret", redirectTo: cdn.origin };
			expect(await download({ model: "hf:me/repo:Q4_K_M" })).toMatchObject({ state: "failed", error: { code: "forbidden" } });
			settings = { ...settings, token: "hf_secret" };
			expect(await download({ model: "hf:me/repo:Q4_K_M" })).toMatchObject({ state: "succeeded" });
			expect(hub.requests.every(({ authorization }) => authorization === "Bearer hf_secret")).toBe(true);
			expect(cdn.requests.length).toBeGreaterThan(0);
			expect(cdn.requests.every(({ authorization }) => authorization === null)).toBe(true);
		} finally {
			await cdn.close();
		}
	});

	it("follows no circle, writes outside of no folder, and says what is not there", async () => {
		hub.behaviour = { redirectLoop: true };
		expect(await download({ model: "hf:me/repo:Q4_K_M" })).toMatchObject({
			state: "failed",
			error: { message: expect.stringContaining("redirects more than 5") },
		});
		hub.behaviour = { extraPath: "..\\..\\evil-Q2_K.gguf" };
		expect(await download({ model: "hf:me/repo:evil-Q2_K.gguf" })).toMatchObject({ state: "failed" });
		expect(await download({ model: "hf:me/repo:Q3_K_S" })).toMatchObject({
			state: "failed",
			error: { message: expect.stringContaining("It has: big-Q4_K_M") },
		});
		expect(await download({ model: "hf:me/nothing" })).toMatchObject({ state: "failed", error: { code: "not_found" } });
	});

	it("waits as long as a busy server asks, and not for an hour", async () => {
		hub.behaviour = { busy: { times: 2, retryAfter: "0" } };
		expect(await download({ model: "hf:me/repo:small-Q8_0" })).toMatchObject({ state: "succeeded" });
		hub.behaviour = { busy: { times: 1, retryAfter: "3600" } };
		expect(await download({ model: "hf:me/repo:Q4_K_M" })).toMatchObject({ state: "failed", error: { code: "unavailable" } });
	});

	it("takes an address with the checksum that was given, and refuses what is no model", async () => {
		const model = `${hub.origin}/files/big-Q4_K_M.gguf`;
		expect(await download({ model, sha256: "00".repeat(32) })).toMatchObject({ state: "failed", error: { code: "conflict" } });
		expect(await download({ model, sha256: sha256(big), id: "mine" })).toMatchObject({
			state: "succeeded",
			result: { modelId: "mine", verified: true },
		});
		hub.files.set("page.gguf", Buffer.from("<html>sign in</html>"));
		expect(await download({ model: `${hub.origin}/files/page.gguf` })).toMatchObject({
			state: "failed",
			error: { message: expect.stringContaining("is not a GGUF model") },
		});
		await expect(download({ model: "http://example.com/x.gguf" })).rejects.toThrow("Only https");
	});

	it("refuses before it begins what does not fit on the disk", async () => {
		hub.behaviour = { listedBytes: 2 ** 50 };
		expect(await download({ model: "hf:me/repo:Q4_K_M" })).toMatchObject({
			state: "failed",
			error: { code: "unavailable", details: { requiredBytes: expect.any(Number), availableBytes: expect.any(Number) } },
		});
		expect(hub.requests).toEqual([]);
	});

	it("pauses without losing anything, and leaves nothing when cancelled", async () => {
		hub.behaviour = { pieceMs: 2 };
		const started = startDownload(jobs, library, { model: "hf:me/repo:Q4_K_M" });
		const id = started.ok ? started.value.id : "";
		await hub.nextRequest();
		await hub.nextRequest();
		expect(await jobs.pause("download", id)).toMatchObject({ ok: true, value: { state: "paused" } });
		hub.behaviour = {};
		await jobs.resume("download", id);
		expect(await ended(id)).toMatchObject({ state: "succeeded" });

		hub.behaviour = { pieceMs: 2 };
		const other = startDownload(jobs, library, { model: "hf:me/repo:Q4_K_M", id: "other" });
		await hub.nextRequest();
		expect(await jobs.cancel("download", other.ok ? other.value.id : "")).toMatchObject({ ok: true, value: { state: "cancelled" } });
		expect(readdirSync(partialFolder(modelDir))).toEqual([]);
		expect(existsSync(path.join(modelDir, "other"))).toBe(false);
	});

	it("finds its work done when LMX was cut off after the last step", async () => {
		await download({ model: "hf:me/repo:Q4_K_M" });
		const requests = hub.requests.length;
		const [done] = store.all();
		store.save({ plan: done?.plan, job: { ...done?.job, state: "running", result: null } as Job });
		const again = new JobRunner({ store, events, logger: pino({ level: "silent" }) });
		again.register(downloadWork({ library, settings: () => settings }));
		const over = new Promise<void>((resolve) => {
			events.subscribe((event) => event.type === "job.updated" && event.state === "succeeded" && resolve());
		});
		again.begin();
		await over;
		expect(again.list("download")).toMatchObject([{ state: "succeeded", result: { modelId: "big-q4_k_m", fileBytes: big.length } }]);
		expect(hub.requests).toHaveLength(requests);
	});

	it("begins again when the file has changed on the server meanwhile", async () => {
		hub.behaviour = { cut: { afterBytes: 60_000, times: 10_000 } };
		const failed = startDownload(jobs, library, { model: `${hub.origin}/files/big-Q4_K_M.gguf` });
		const id = failed.ok ? failed.value.id : "";
		await hub.nextRequest();
		await jobs.pause("download", id);
		const changed = Buffer.concat([smallModel("new"), big.subarray(0, 800_000)]);
		hub.files.set("big-Q4_K_M.gguf", changed);
		hub.behaviour = {};
		await jobs.resume("download", id);
		expect(await ended(id)).toMatchObject({ state: "succeeded", result: { files: [{ sha256: sha256(changed) }], verified: false } });
	});
});

describe("a process that downloads", () => {
	const main = path.join(import.meta.dirname, "../testing/download-process.ts");

	function until(child: ChildProcess, matches: (event: Extract<LmxEvent, { type: "job.updated" }>) => boolean): Promise<void> {
		return new Promise((resolve) => {
			child.on("message", (event: LmxEvent) => {
				if (event.type === "job.updated" && matches(event)) {
					resolve();
				}
			});
		});
	}

	it("goes on after kill -9 with what was on disk", async () => {
		hub.behaviour = { pieceMs: 30 };
		const first = fork(main, [path.join(home, "other"), hub.origin, "hf:me/repo:Q4_K_M"]);
		await until(first, ({ doneBytes }) => (doneBytes ?? 0) > 2 * segmentBytes);
		first.kill("SIGKILL");
		await once(first, "exit");
		const sentBefore = hub.requests.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
		hub.behaviour = {};
		const second = fork(main, [path.join(home, "other"), hub.origin]);
		await until(second, ({ state }) => state === "succeeded");
		second.kill("SIGKILL");
		await once(second, "exit");
		const sentAfter = hub.requests.reduce((sum, { sentBytes }) => sum + sentBytes, 0) - sentBefore;
		expect(sentBefore).toBeLessThan(big.length);
		expect(sentAfter).toBeLessThan(big.length - segmentBytes);
		expect(readFileSync(path.join(home, "other", "models", "big-q4_k_m", "big-Q4_K_M.gguf")).equals(big)).toBe(true);
	});
});
