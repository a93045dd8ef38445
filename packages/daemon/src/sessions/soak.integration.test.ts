import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { environment } from "../env.ts";
import { type DaemonProcess, startDaemonProcess } from "../testing/daemon-process.ts";

/** Turns of the ordinary run; `OPTA_SOAK_TURNS=500` for the whole one. */
const turns = Number(environment.OPTA_SOAK_TURNS ?? 150);

/** More than the words themselves take, less than anything that is kept by mistake for every turn. */
const maxGrowthBytesPerTurn = 128 * 1024;

let daemon: DaemonProcess;

beforeEach(async () => {
	// A small heap: garbage that V8 has not come round to looks like growth otherwise.
	daemon = await startDaemonProcess(["--max-semi-space-size=2", "--max-old-space-size=96"]);
});

afterEach(() => daemon.close());

async function residentBytes(pid: number): Promise<number> {
	const kibibytes = /VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1];
	return Number(kibibytes) * 1024;
}

function median(values: readonly number[]): number {
	return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

it.runIf(process.platform === "linux")(
	`does not grow over ${turns} turns that three clients follow`,
	async () => {
		const stop = new AbortController();
		const client = daemon.client("writer");
		const created = await client.createSession({ workspace: daemon.workspace });
		const sessionId = created.ok ? created.value.id : expect.fail(created.error.message);
		const heard = [0, 0, 0];
		let wake: () => void = () => undefined;
		const following = heard.map((_, index) =>
			daemon.client(`reader-${index}`).followSession(
				sessionId,
				{
					onSnapshot: () => undefined,
					onEvent: ({ type }) => {
						if (type === "turn.done") {
							heard[index] = (heard[index] ?? 0) + 1;
							wake();
						}
					},
				},
				stop.signal,
			),
		);
		const samples: number[] = [];
		for (let turn = 1; turn <= turns; turn += 1) {
			const accepted = await client.createTurn(sessionId, { content: `Turn ${turn}` }, randomUUID());
			expect(accepted.ok).toBe(true);
			while (heard.some((count) => count < turn)) {
				await new Promise<void>((resolve) => {
					wake = resolve;
				});
			}
			samples.push(await residentBytes(daemon.pid()));
		}
		stop.abort();
		await Promise.all(following);
		const third = Math.floor(turns / 3);
		const growth = (median(samples.slice(2 * third)) - median(samples.slice(third, 2 * third))) / third;
		const mebibytes = (bytes: number): string => (bytes / 1024 ** 2).toFixed(1);
		console.log(
			`${turns} turns: ${mebibytes(samples[0] ?? 0)} → ${mebibytes(samples.at(-1) ?? 0)} MiB, ${(growth / 1024).toFixed(1)} KiB a turn at the end`,
		);
		expect(growth).toBeLessThan(maxGrowthBytesPerTurn);
	},
	240_000,
);
