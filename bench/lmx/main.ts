import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import type { Measurement, Server } from "./measurement.ts";
import { batchOccupancy } from "./measurements/batch-occupancy.ts";
import { cancel } from "./measurements/cancel.ts";
import { crash } from "./measurements/crash.ts";
import { firstToken } from "./measurements/first-token.ts";
import { generationSpeed } from "./measurements/generation-speed.ts";
import { longPromptBeside } from "./measurements/long-prompt-beside.ts";
import { manyClients } from "./measurements/many-clients.ts";
import { memoryPrediction } from "./measurements/memory-prediction.ts";
import { overhead } from "./measurements/overhead.ts";
import { sharedPrefix } from "./measurements/shared-prefix.ts";
import { steadySpeed } from "./measurements/steady-speed.ts";
import { startOwnLmx } from "./own-lmx.ts";
import { ask, story } from "./questions.ts";
import { type Measured, reportHead, reportLine } from "./report.ts";
import { streamChat } from "./stream-chat.ts";

/** `npm run bench:lmx -- --against <url> [--only name,…] [--rounds 5] [-- flags of LMX]`: the same load on LMX and on another server. */

const measurements: readonly Measurement[] = [
	generationSpeed("one-stream", 1, { kind: "ratioAtLeast", value: 1 }),
	generationSpeed("six-streams", 6, { kind: "ratioAtLeast", value: 1.15 }),
	firstToken,
	longPromptBeside,
	sharedPrefix,
	steadySpeed,
	batchOccupancy,
	overhead,
	cancel,
	manyClients,
	crash,
	memoryPrediction,
];

const { values, positionals } = parseArgs({
	options: { against: { type: "string" }, only: { type: "string" }, rounds: { type: "string", default: "5" } },
	allowPositionals: true,
});
const names = values.only?.split(",");
const chosen = measurements.filter(({ name }) => names === undefined || names.includes(name));
const unknown = names?.find((name) => measurements.every((measurement) => measurement.name !== name));
if (unknown !== undefined) {
	process.stderr.write(`There is no measurement "${unknown}". There are: ${measurements.map(({ name }) => name).join(", ")}.\n`);
	process.exit(1);
}
const rounds = Number(values.rounds);
const other: Server | null = values.against === undefined ? null : { name: "other", url: values.against.replace(/\/$/, "") };
/** Long runs, and a crash that is forgiven three times a minute only. */
const once = ["many-clients", "crash", "memory"];

const lmx = await startOwnLmx(positionals);
try {
	for (const { url } of other === null ? [lmx] : [lmx, other]) {
		await streamChat(url, ask(story(0, 0), 32, 0)).catch((error: unknown) => {
			throw new Error(`The server at ${url} does not answer a chat. Start it, or correct the address.`, { cause: error });
		});
	}
	process.stdout.write(`${availableParallelism()} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}\n`);
	process.stdout.write(`${reportHead(other?.name ?? "")}\n`);
	for (const measurement of chosen) {
		const own: (readonly number[])[] = [];
		const others: (readonly number[])[] = [];
		for (let round = 1; round <= (once.includes(measurement.name) ? 1 : rounds); round++) {
			own.push(await measurement.measure(lmx, round));
			if (measurement.kind === "comparison" && other !== null) {
				others.push(await measurement.measure(other, round));
			}
		}
		for (const [index, figure] of measurement.figures.entries()) {
			const column = (table: readonly (readonly number[])[]): number[] => table.map((values) => values[index] ?? Number.NaN);
			const measured: Measured = { figure, own: column(own), other: column(others) };
			process.stdout.write(`${reportLine(measured)}\n`);
		}
	}
} finally {
	await lmx.stop();
}
