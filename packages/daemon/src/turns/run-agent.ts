import { setTimeout as wait } from "node:timers/promises";
import { noUsage } from "./turn-events.ts";
import type { TurnContext, TurnEnd, TurnRunner } from "./turn-runner.ts";

/** End of a turn that was cancelled and of which no more is known. */
export const cancelledEnd: TurnEnd = { ok: true, reason: "cancelled", usage: noUsage };

const brokenEnd: TurnEnd = {
	ok: false,
	code: "internal",
	message: "The agent stopped because of a mistake in the daemon. Its log says more.",
	usage: noUsage,
};

/** Runs the agent. One that does not stop within `graceMs` when it is told to is left behind; one that throws has failed. */
export async function runAgent(
	runner: Pick<TurnRunner, "run">,
	context: TurnContext,
	graceMs: () => number,
	onBroken: (error: unknown) => void,
): Promise<TurnEnd> {
	const returned = new AbortController();
	const run = runner.run(context).catch((error: unknown) => {
		onBroken(error);
		return brokenEnd;
	});
	const leave = aborted(context.signal).then(() => wait(graceMs(), cancelledEnd, { signal: returned.signal }));
	const end = await Promise.race([run, leave.catch(() => cancelledEnd)]);
	returned.abort();
	return end;
}

function aborted(signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted) {
			resolve();
		} else {
			signal.addEventListener("abort", () => resolve(), { once: true });
		}
	});
}
