import type { LmxEvent } from "@opta/contracts/schema/lmx-events";
import fc from "fast-check";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EventBus } from "../events/event-bus.ts";
import type { InstalledModel } from "../library/installed-model.ts";
import { fakeModel, fakePrediction, fakeRunners, plainOptions } from "../testing/fake-runner.ts";
import type { Answer } from "./backend.ts";
import type { LoadOptions } from "./load-options.ts";
import { ModelPool, type PoolLease, type PoolParts } from "./model-pool.ts";

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

const never = new AbortController().signal;
const small = fakeModel("small", 40);
const other = fakeModel("other", 40);
const large = fakeModel("large", 90);

interface Bench {
	readonly pool: ModelPool;
	readonly runners: ReturnType<typeof fakeRunners>["made"];
	readonly events: LmxEvent[];
	hold(model: InstalledModel, keepAliveMs?: number | null, signal?: AbortSignal): Promise<Answer<PoolLease>>;
	held(model: InstalledModel, keepAliveMs?: number | null): Promise<PoolLease>;
	ids(): string[];
}

function bench(
	more: {
		loadsAtOnce?: boolean;
		options?: Partial<LoadOptions>;
		unsound?: string;
		verify?: PoolParts["verify"];
		capacityBytes?: number;
		bytesOf?: (model: InstalledModel, options: LoadOptions) => number;
	} = {},
): Bench {
	const { create, made } = fakeRunners(more.loadsAtOnce ?? true);
	const bus = new EventBus();
	const events: LmxEvent[] = [];
	bus.subscribe((event) => events.push(event));
	const pool = new ModelPool({
		createRunner: create,
		defaultOptions: () => ({ ...plainOptions, ...more.options }),
		predict: (model, options) => Promise.resolve(fakePrediction(more.bytesOf?.(model, options) ?? model.fileBytes)),
		capacityBytes: () => more.capacityBytes ?? 100,
		verify: more.verify ?? (() => Promise.resolve(more.unsound ?? null)),
		admissionWaitMs: () => 10_000,
		events: bus,
		logger: pino({ level: "silent" }),
	});
	const hold: Bench["hold"] = (model, keepAliveMs, signal = never) => pool.hold(model, keepAliveMs, signal);
	return {
		pool,
		runners: made,
		events,
		hold,
		async held(model, keepAliveMs) {
			const answer = await hold(model, keepAliveMs);
			if (!answer.ok) {
				throw new Error(answer.error.message);
			}
			return answer.value;
		},
		ids: () => pool.residents().map(({ model }) => model.id),
	};
}

describe("loading on demand", () => {
	it("loads a model once for many requests, and keeps it", async () => {
		const { held, runners, ids } = bench();
		const leases = await Promise.all([held(small), held(small), held(small)]);
		expect(runners).toHaveLength(1);
		for (const { release } of leases) {
			release();
			release();
		}
		expect(ids()).toEqual(["small"]);
		await held(small);
		expect(runners).toHaveLength(1);
	});

	it("lets a client leave while its model is being loaded", async () => {
		const { hold, runners, ids } = bench({ loadsAtOnce: false });
		const leaving = new AbortController();
		const asked = hold(small, undefined, leaving.signal);
		await vi.advanceTimersByTimeAsync(0);
		leaving.abort();
		expect(await asked).toMatchObject({ ok: false, error: { code: "cancelled" } });
		runners[0]?.finish();
		expect(ids()).toEqual(["small"]);
	});

	it("goes on with a load for those who stay when the first one who asked leaves", async () => {
		const { held, hold, runners } = bench();
		const busy = await held(small);
		const leaving = new AbortController();
		const first = hold(large, undefined, leaving.signal);
		const second = hold(large);
		await vi.advanceTimersByTimeAsync(100);
		leaving.abort();
		expect(await first).toMatchObject({ ok: false, error: { code: "cancelled" } });
		busy.release();
		expect(await second).toMatchObject({ ok: true });
		expect(runners).toHaveLength(2);
	});

	it("gives a load up while the file is still being checked, and begins another for who comes then", async () => {
		const checks: (() => void)[] = [];
		const verify = (): Promise<null> => new Promise((resolve) => checks.push(() => resolve(null)));
		const { hold, runners, ids } = bench({ verify });
		const leave = async (): Promise<void> => {
			const leaving = new AbortController();
			const asked = hold(small, undefined, leaving.signal);
			await vi.advanceTimersByTimeAsync(0);
			leaving.abort();
			await asked;
		};
		await leave();
		checks[0]?.();
		await vi.advanceTimersByTimeAsync(0);
		expect([runners.length, ids()]).toEqual([0, []]);

		await leave();
		const stays = hold(small);
		await vi.advanceTimersByTimeAsync(0);
		checks[1]?.();
		await vi.advanceTimersByTimeAsync(0);
		expect(runners).toHaveLength(0);
		checks[2]?.();
		expect(await stays).toMatchObject({ ok: true });
		expect(runners).toHaveLength(1);
	});

	it("ends the check of a file when everybody has left, and counts that as no failure of the model", async () => {
		const ended: boolean[] = [];
		const verify: PoolParts["verify"] = (_model, signal) =>
			new Promise((_resolve, reject) => {
				signal.addEventListener("abort", () => {
					ended.push(true);
					reject(new Error("The reading was ended."));
				});
			});
		const { hold, pool } = bench({ verify });
		const leaving = new AbortController();
		const asked = hold(small, undefined, leaving.signal);
		await vi.advanceTimersByTimeAsync(0);
		leaving.abort();
		expect(await asked).toMatchObject({ ok: false, error: { code: "cancelled" } });
		await vi.advanceTimersByTimeAsync(0);
		expect([ended, pool.failures()]).toEqual([[true], []]);
	});

	it("loads nothing any more once it is stopped, also where a file was being checked", async () => {
		const check = Promise.withResolvers<null>();
		const { hold, pool, runners } = bench({ verify: () => check.promise });
		const asked = hold(small);
		await vi.advanceTimersByTimeAsync(0);
		await pool.stop();
		check.resolve(null);
		expect(await asked).toMatchObject({ ok: false });
		expect(runners).toHaveLength(0);
	});

	it("forgets a load that waits when everybody has left", async () => {
		const { held, hold, ids } = bench();
		const busy = await held(small);
		const leaving = new AbortController();
		const asked = hold(large, undefined, leaving.signal);
		await vi.advanceTimersByTimeAsync(100);
		leaving.abort();
		expect(await asked).toMatchObject({ ok: false, error: { code: "cancelled" } });
		busy.release();
		await vi.advanceTimersByTimeAsync(100);
		expect(ids()).toEqual(["small"]);
	});

	it("does not load a model again and again that fails, and gives it up after three times", async () => {
		const { hold, runners, pool } = bench({ loadsAtOnce: false });
		const fail = async (): Promise<unknown> => {
			const asked = hold(small);
			await vi.advanceTimersByTimeAsync(0);
			runners.at(-1)?.finish("It is damaged.");
			return asked;
		};
		expect(await fail()).toMatchObject({ ok: false, error: { code: "model_unavailable", message: expect.stringContaining("damaged") } });
		expect(await hold(small)).toMatchObject({ ok: false, error: { message: expect.stringContaining("tried again in 2 s") } });
		expect(runners).toHaveLength(1);
		await vi.advanceTimersByTimeAsync(2000);
		await fail();
		await vi.advanceTimersByTimeAsync(10_000);
		await fail();
		expect(runners).toHaveLength(3);
		await vi.advanceTimersByTimeAsync(3_600_000);
		expect(await hold(small)).toMatchObject({ ok: false, error: { message: expect.stringContaining("POST /admin/models/load") } });
		expect(pool.failures()).toMatchObject([{ modelId: "small", reason: "It is damaged." }]);
		const asked = pool.load(small, plainOptions, never);
		await vi.advanceTimersByTimeAsync(0);
		runners.at(-1)?.finish();
		expect(await asked).toMatchObject({ ok: true });
		expect(pool.failures()).toEqual([]);
	});

	it("refuses a file that is not what was published", async () => {
		const { hold, runners } = bench({ unsound: "Its SHA-256 is wrong." });
		expect(await hold(small)).toMatchObject({ ok: false, error: { code: "model_unavailable", message: "Its SHA-256 is wrong." } });
		expect(runners).toEqual([]);
	});

	it("waits through a restart after a crash", async () => {
		const { held, hold, runners } = bench();
		(await held(small)).release();
		runners[0]?.listener.onState("restarting", "The model small stopped.");
		const asked = hold(small);
		await vi.advanceTimersByTimeAsync(1000);
		runners[0]?.listener.onState("ready", null);
		expect(await asked).toMatchObject({ ok: true });
		expect(runners).toHaveLength(1);
	});
});

describe("memory", () => {
	it("evicts the model that was idle the longest, and says so", async () => {
		const { held, ids, runners, events } = bench();
		(await held(small)).release();
		await vi.advanceTimersByTimeAsync(10);
		(await held(other)).release();
		await vi.advanceTimersByTimeAsync(10);
		await held(fakeModel("third", 40));
		expect(ids()).toEqual(["other", "third"]);
		expect(runners[0]?.isStopped).toBe(true);
		expect(events).toContainEqual(expect.objectContaining({ type: "model.evicted", model: "small", reason: "memory", freedBytes: 40 }));
	});

	it("refuses at once, with numbers, what can never fit", async () => {
		const { hold } = bench();
		expect(await hold(fakeModel("huge", 1000))).toMatchObject({
			ok: false,
			error: { code: "insufficient_memory", details: { requiredBytes: 1000, availableBytes: 100, evictableBytes: 0 } },
		});
	});

	it("waits for a busy model, never evicts it, and refuses when it stays busy", async () => {
		const { held, hold, runners } = bench();
		const busy = await held(small);
		const waiting = hold(large);
		await vi.advanceTimersByTimeAsync(9000);
		expect(runners).toHaveLength(1);
		await vi.advanceTimersByTimeAsync(1500);
		expect(await waiting).toMatchObject({
			ok: false,
			error: { code: "insufficient_memory", details: { requiredBytes: 90, availableBytes: 60, evictableBytes: 0 } },
		});
		const again = hold(large);
		await vi.advanceTimersByTimeAsync(10);
		busy.release();
		expect(await again).toMatchObject({ ok: true });
	});

	it("lets requests for the loaded model pass a waiting load for a while, then makes them wait behind it", async () => {
		const { held, hold, ids } = bench();
		const first = await held(small);
		const waiting = hold(large);
		await vi.advanceTimersByTimeAsync(1000);
		const passing = await held(small);
		first.release();
		await vi.advanceTimersByTimeAsync(2000);
		const late = hold(small);
		await vi.advanceTimersByTimeAsync(10);
		passing.release();
		const loaded = await waiting;
		expect(ids()).toEqual(["large"]);
		if (loaded.ok) {
			loaded.value.release();
		}
		await vi.advanceTimersByTimeAsync(1);
		expect(await late).toMatchObject({ ok: true });
		expect(ids()).toEqual(["small"]);
	});

	it("never evicts a pinned model", async () => {
		const { held, hold } = bench({ options: { isPinned: true } });
		(await held(small)).release();
		expect(await hold(large)).toMatchObject({ ok: false, error: { code: "insufficient_memory" } });
	});

	it("gives back the memory of idle models when others on the machine need it", async () => {
		let capacityBytes = 100;
		const { held, pool, ids, runners } = bench({
			get capacityBytes() {
				return capacityBytes;
			},
		});
		(await held(small)).release();
		await vi.advanceTimersByTimeAsync(1);
		const busy = await held(other);
		await pool.relieve();
		expect(ids()).toEqual(["small", "other"]);
		capacityBytes = 30;
		await pool.relieve();
		expect(ids()).toEqual(["other"]);
		busy.release();
		await vi.advanceTimersByTimeAsync(1);
		await pool.relieve();
		expect(runners.every(({ isStopped }) => isStopped)).toBe(true);
	});

	it("never goes above its capacity and never ends a model that answers, whatever is asked for", async () => {
		vi.useRealTimers();
		const step = fc.record({ model: fc.nat(4), releases: fc.nat(3), keepMs: fc.constantFrom(undefined, 0, null) });
		await fc.assert(
			fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
				const { create, made } = fakeRunners(true);
				const models = [20, 35, 50, 65, 95].map((bytes, index) => fakeModel(`m${index}`, bytes));
				const pool: ModelPool = new ModelPool({
					createRunner: (model, options, listener) => {
						const alive = made.filter(({ isStopped }) => !isStopped).reduce((sum, runner) => sum + runner.model.fileBytes, 0);
						expect(alive + model.fileBytes).toBeLessThanOrEqual(100);
						return create(model, options, listener);
					},
					defaultOptions: () => plainOptions,
					predict: (model) => Promise.resolve(fakePrediction(model.fileBytes)),
					capacityBytes: () => 100,
					verify: () => Promise.resolve(null),
					admissionWaitMs: () => 0,
					events: new EventBus(),
					logger: pino({ level: "silent" }),
				});
				const leases: PoolLease[] = [];
				for (const { model, releases, keepMs } of steps) {
					const asked = pool.hold(models[model] ?? small, keepMs, never);
					for (const lease of leases.splice(0, releases)) {
						lease.release();
					}
					const answer = await asked;
					if (answer.ok) {
						leases.push(answer.value);
					}
					for (const { resident } of leases) {
						expect(resident.state).toBe("ready");
					}
				}
				await pool.stop();
				expect(made.every(({ isStopped }) => isStopped)).toBe(true);
			}),
			{ numRuns: 60 },
		);
	});
});

describe("how long a model stays", () => {
	it("unloads it when it was idle for its time, which a request may change", async () => {
		const { held, ids, events } = bench({ options: { keepAliveMs: 60_000 } });
		const lease = await held(small);
		await vi.advanceTimersByTimeAsync(120_000);
		expect(ids()).toEqual(["small"]);
		lease.release();
		await vi.advanceTimersByTimeAsync(59_000);
		(await held(small, 5000)).release();
		await vi.advanceTimersByTimeAsync(4000);
		expect(ids()).toEqual(["small"]);
		await vi.advanceTimersByTimeAsync(2000);
		expect(ids()).toEqual([]);
		expect(events).toContainEqual(expect.objectContaining({ type: "model.evicted", reason: "idle" }));
	});

	it("unloads it at once for 0, and never for null", async () => {
		const { held, ids } = bench({ options: { keepAliveMs: 60_000 } });
		(await held(small, null)).release();
		await vi.advanceTimersByTimeAsync(10 * 3_600_000);
		expect(ids()).toEqual(["small"]);
		(await held(small, 0)).release();
		await vi.advanceTimersByTimeAsync(1);
		expect(ids()).toEqual([]);
	});
});

describe("unload and hot-swap", () => {
	it("lets open requests end before it unloads, or ends them when told", async () => {
		const { held, pool, runners, ids } = bench();
		const lease = await held(small);
		const drained = pool.unload("small", "drain");
		await vi.advanceTimersByTimeAsync(1000);
		expect([ids(), runners[0]?.isStopped]).toEqual([[], false]);
		lease.release();
		expect(await drained).toBe(true);
		expect(runners[0]?.isStopped).toBe(true);
		await held(other);
		await pool.unload("other", "now");
		expect(runners[1]?.isStopped).toBe(true);
		expect(await pool.unload("other", "now")).toBe(false);
	});

	it("ends a drain at once when told to unload now", async () => {
		const { held, pool, runners } = bench();
		await held(small);
		void pool.unload("small", "drain");
		await pool.unload("small", "now");
		expect(runners[0]?.isStopped).toBe(true);
	});

	it("starts the new process beside the old one where memory allows, and moves new requests over", async () => {
		const { held, pool, runners } = bench({ loadsAtOnce: false });
		const asked = held(small);
		await vi.advanceTimersByTimeAsync(0);
		runners[0]?.finish();
		const old = await asked;
		const swapped = await pool.load(small, { ...plainOptions, contextTokens: 1024 }, never);
		const { release } = await held(small);
		expect(old.resident).toBe(pool.find("small"));
		release();
		await vi.advanceTimersByTimeAsync(0);
		runners[1]?.finish();
		expect(swapped.ok && (await swapped.value.loaded)).toBeNull();
		const next = await held(small);
		expect(next.resident.options.contextTokens).toBe(1024);
		expect(runners[0]?.isStopped).toBe(false);
		old.release();
		await vi.advanceTimersByTimeAsync(0);
		expect(runners[0]?.isStopped).toBe(true);
	});

	it("drains first where memory does not allow both, and holds new requests until then", async () => {
		const { held, hold, pool, runners } = bench({ capacityBytes: 60 });
		const old = await held(small);
		const swapped = await pool.load(small, { ...plainOptions, sequences: 2 }, never);
		await vi.advanceTimersByTimeAsync(0);
		const waiting = hold(small);
		await vi.advanceTimersByTimeAsync(100);
		expect([runners.length, runners[0]?.isStopped]).toEqual([1, false]);
		old.release();
		expect(swapped.ok && (await swapped.value.loaded)).toBeNull();
		const answer = await waiting;
		expect(answer.ok && answer.value.resident.options.sequences).toBe(2);
	});

	it("keeps the old process, undrained, when there would be no room for the new one even without it", async () => {
		const { held, pool, runners } = bench({ capacityBytes: 60, bytesOf: (_model, { sequences }) => sequences * 5 });
		(await held(small)).release();
		const swapped = await pool.load(small, { ...plainOptions, sequences: 16 }, never);
		expect(swapped.ok && (await swapped.value.loaded)).toMatchObject({ code: "insufficient_memory", details: { requiredBytes: 80 } });
		expect([runners.length, runners[0]?.isStopped]).toEqual([1, false]);
		expect((await held(small)).resident.options.sequences).toBe(8);
	});

	it("keeps the old process when the new one cannot be loaded", async () => {
		const { held, pool, runners } = bench({ loadsAtOnce: false });
		const asked = held(small);
		await vi.advanceTimersByTimeAsync(0);
		runners[0]?.finish();
		(await asked).release();
		const swapped = await pool.load(small, { ...plainOptions, contextTokens: 1_000_000 }, never);
		await vi.advanceTimersByTimeAsync(0);
		runners[1]?.finish("There is not enough memory.");
		expect(swapped.ok && (await swapped.value.loaded)).toMatchObject({ message: "There is not enough memory." });
		expect((await held(small)).resident.options.contextTokens).toBeNull();
		expect(pool.failures()).toEqual([]);
	});

	it("changes how long a model stays without touching its process, and remembers how it was asked to run", async () => {
		const { held, pool, runners } = bench();
		await pool.load(small, { ...plainOptions, contextTokens: 512, isPinned: false }, never);
		await pool.load(small, { ...plainOptions, contextTokens: 512, keepAliveMs: 0 }, never);
		expect(runners).toHaveLength(1);
		await vi.advanceTimersByTimeAsync(1);
		expect(runners[0]?.isStopped).toBe(true);
		expect((await held(small)).resident.options.contextTokens).toBe(512);
	});
});
