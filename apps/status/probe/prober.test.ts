import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { HttpAnswer, HttpGet } from "./http-get.ts";
import { createProber, type Prober } from "./prober.ts";
import type { ProbeTarget } from "./targets.ts";

const intervalMs = 30_000;
const page = (id: string): ProbeTarget => ({
	id,
	title: id,
	group: "sites",
	request: { url: `http://${id}.test/`, headers: {}, expects: "page" },
});
const ok: HttpAnswer = { status: 200, body: "", latencyMs: 3 };
const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });

let prober: Prober;

function watch(get: HttpGet, targets: readonly ProbeTarget[] = [page("a")], now = Date.now): Prober {
	prober = createProber({ targets, intervalMs, get, now });
	prober.start();
	return prober;
}

function states(): Record<string, string> {
	return Object.fromEntries(prober.report().components.map(({ id, state }) => [id, state]));
}

describe("createProber", () => {
	beforeEach(() => {
		vi.useFakeTimers();
	});
	afterEach(() => {
		prober.stop();
		vi.useRealTimers();
	});

	it("asks once per interval, however many read", async () => {
		const get = vi.fn<HttpGet>(async () => ok);
		watch(get);
		await vi.advanceTimersByTimeAsync(4 * intervalMs);
		const readers = Array.from({ length: 50 }, async () => {
			await prober.catchUp();
			return prober.report();
		});
		await Promise.all(readers);
		expect(get).toHaveBeenCalledTimes(5);
		expect(prober.report().components[0]?.history).toHaveLength(5);
	});

	it("says no data before the first check has ended and for parts that are not configured", async () => {
		watch(() => new Promise(() => undefined), [page("a"), { id: "b", title: "b", group: "data", request: null }]);
		expect(prober.report().components).toMatchObject([
			{ id: "a", state: "noData", checkedAt: null, history: [] },
			{ id: "b", state: "noData", reason: "Not configured on this server." },
		]);
	});

	it("holds no part up for another that hangs, and asks none twice at a time", async () => {
		let atOnce = 0;
		let mostAtOnce = 0;
		const hang: HttpGet = (_, signal) => new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
		watch(
			async (probe, signal) => {
				if (probe.url === "http://a.test/") {
					return ok;
				}
				atOnce += 1;
				mostAtOnce = Math.max(mostAtOnce, atOnce);
				return hang(probe, signal).finally(() => {
					atOnce -= 1;
				});
			},
			[page("a"), page("slow")],
		);
		await vi.advanceTimersByTimeAsync(100);
		expect(states()).toEqual({ a: "up", slow: "noData" });
		await vi.advanceTimersByTimeAsync(intervalMs + 4_000);
		expect(states()).toEqual({ a: "up", slow: "down" });
		expect(mostAtOnce).toBe(1);
	});

	it("asks a part that starts later than this server again soon, and keeps one entry for it", async () => {
		let listening = false;
		const get = vi.fn<HttpGet>(() => (listening ? Promise.resolve(ok) : Promise.reject(refused)));
		watch(get);
		await vi.advanceTimersByTimeAsync(1_000);
		expect(states()).toEqual({ a: "down" });
		listening = true;
		await vi.advanceTimersByTimeAsync(2_000);
		expect(prober.report().components[0]).toMatchObject({ state: "up", history: [{ state: "up" }] });
		get.mockClear();
		await vi.advanceTimersByTimeAsync(intervalMs - 4_000);
		expect(get).not.toHaveBeenCalled();
	});

	it("keeps to one check per interval once it has run for one", async () => {
		const get = vi.fn<HttpGet>(() => Promise.reject(refused));
		watch(get);
		await vi.advanceTimersByTimeAsync(intervalMs);
		get.mockClear();
		await vi.advanceTimersByTimeAsync(10 * intervalMs);
		expect(get).toHaveBeenCalledTimes(10);
	});

	it("says no data when checks stopped, catches up for the next reader and draws the gap", async () => {
		let skippedMs = 0;
		watch(
			async () => ok,
			[page("a")],
			() => Date.now() + skippedMs,
		);
		await vi.advanceTimersByTimeAsync(intervalMs);
		skippedMs = 10 * intervalMs;
		expect(prober.report().components[0]).toMatchObject({ state: "noData", since: null });
		await prober.catchUp();
		const [component] = prober.report().components;
		expect(component?.state).toBe("up");
		expect(component?.history.filter(({ state }) => state === "noData")).toHaveLength(9);
	});
});
