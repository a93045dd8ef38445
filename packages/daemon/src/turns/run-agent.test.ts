import { expect, it } from "vitest";
import { runAgent } from "./run-agent.ts";
import { noUsage } from "./turn-events.ts";
import type { TurnContext, TurnEnd } from "./turn-runner.ts";

const done: TurnEnd = { ok: true, reason: "stop", usage: noUsage };

function contextOf(signal: AbortSignal): TurnContext {
	return { signal } as TurnContext;
}

it("leaves an agent behind that does not stop when it is told to", async () => {
	const abort = new AbortController();
	const run = runAgent(
		{ run: () => new Promise(() => undefined) },
		contextOf(abort.signal),
		() => 5,
		() => undefined,
	);
	abort.abort();
	expect(await run).toMatchObject({ ok: true, reason: "cancelled" });
});

it("waits for an agent that winds up in time", async () => {
	const abort = new AbortController();
	const slow = {
		run: ({ signal }: TurnContext) =>
			new Promise<TurnEnd>((resolve) => signal.addEventListener("abort", () => setImmediate(resolve, done))),
	};
	const run = runAgent(
		slow,
		contextOf(abort.signal),
		() => 60_000,
		() => undefined,
	);
	abort.abort();
	expect(await run).toBe(done);
});

it("makes a failure of an agent that throws, and tells of it", async () => {
	const told: unknown[] = [];
	const mistake = new Error("mistake");
	const end = await runAgent(
		{ run: () => Promise.reject(mistake) },
		contextOf(new AbortController().signal),
		() => 5,
		(error) => told.push(error),
	);
	expect(end).toMatchObject({ ok: false, code: "internal" });
	expect(told).toEqual([mistake]);
});
