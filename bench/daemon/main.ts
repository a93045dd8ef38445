import { availableParallelism, cpus } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { build } from "@opta/contracts/build";
import type { SessionSnapshot } from "@opta/contracts/schema/daemon-session";
import type { DaemonStatus } from "@opta/contracts/schema/daemon-status";
import { makeDaemonHome } from "@opta/daemon/testing/daemon-home";
import { stampPattern, startStampedModel } from "../stamped-model.ts";
import { openReaders } from "./readers.ts";

/** `npm run bench:daemon`: memory of an idle daemon, delay from a model's token to 50 clients, events per second to them. Exit code 1 below a bar. */

const clients = 50;
const tokens = 1500;
const tokenEveryMs = 5;
const durableEvents = 600;
const writers = 8;
const idleMs = 20_000;
const bars = { idleBytes: 140_000_000, p99Ms: 15 } as const;

function quantile(sorted: readonly number[], share: number): number {
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
let missed = false;
function judge(name: string, value: string, bar: string, holds: boolean): void {
	missed ||= !holds;
	say(`${name.padEnd(46)} ${value.padStart(22)}   ${bar}${holds ? "" : "  MISSED"}`);
}

const model = await startStampedModel(tokens, tokenEveryMs);
const bench = await makeDaemonHome({ connection: { host: model.host, port: model.port }, agent: { titles: false } });
try {
	const { baseUrl, state } = await bench.ensure(build);
	const send = async <T>(path: string, method = "GET", body?: unknown): Promise<T> => {
		const response = await fetch(`${baseUrl}${path}`, {
			method,
			headers: { authorization: `Bearer ${state.token}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		if (!response.ok) {
			throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
		}
		return (await response.json()) as T;
	};
	say(`${availableParallelism()} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}`);

	await delay(idleMs);
	const { memoryBytes } = await send<DaemonStatus>("/v3/status");
	judge(
		"resident memory of an idle daemon",
		`${(memoryBytes.used / 1e6).toFixed(0)} MB`,
		"under 140 MB",
		memoryBytes.used < bars.idleBytes,
	);

	const session = await send<SessionSnapshot>("/v3/sessions", "POST", { workspace: bench.workspace });
	const readers = await openReaders(clients, baseUrl, state.token, session.id);
	const at = `/v3/sessions/${session.id}`;
	// The first turn measures the model; what it takes is not what is asked here.
	const warmUp = readers.allHear('"turn.done"');
	await send(`${at}/turns`, "POST", { content: "Warm up." });
	await warmUp;

	const delaysMs: number[] = [];
	let frames = 0;
	readers.onFrame = (frame) => {
		if (frame.includes('"turn.token"')) {
			const now = performance.now();
			frames++;
			for (const [, stamp] of frame.matchAll(stampPattern)) {
				delaysMs.push(now - Number(stamp));
			}
		}
	};
	const answered = readers.allHear('"turn.done"');
	const begin = performance.now();
	await send(`${at}/turns`, "POST", { content: "Measure." });
	await answered;
	const seconds = (performance.now() - begin) / 1000;
	readers.onFrame = () => undefined;
	delaysMs.sort((a, b) => a - b);
	const [half, p99] = [quantile(delaysMs, 0.5), quantile(delaysMs, 0.99)];
	judge(
		`delay from token to client, p99 of ${delaysMs.length}`,
		`${p99.toFixed(1)} ms`,
		`under ${bars.p99Ms} ms (median ${half.toFixed(1)})`,
		p99 < bars.p99Ms,
	);
	judge(`tokens that arrived at ${clients} clients`, `${delaysMs.length}`, `${tokens * clients}`, delaysMs.length === tokens * clients);
	say(`${"token frames per second, all clients".padEnd(46)} ${(frames / seconds).toFixed(0).padStart(22)}`);

	const heard = readers.allHear('"session.updated"', durableEvents);
	const updatesBegin = performance.now();
	await Promise.all(
		Array.from({ length: writers }, async (_writer, writer) => {
			for (let index = writer; index < durableEvents; index += writers) {
				await send(at, "PATCH", { title: `Title ${index}` });
			}
		}),
	);
	await heard;
	const rate = durableEvents / ((performance.now() - updatesBegin) / 1000);
	say(`${`durable events per second, ${writers} writers`.padEnd(46)} ${rate.toFixed(0).padStart(22)}`);
	say(`${`durable events per second to ${clients} clients`.padEnd(46)} ${(rate * clients).toFixed(0).padStart(22)}`);
	const after = await send<DaemonStatus>("/v3/status");
	say(`${"resident memory afterwards".padEnd(46)} ${`${(after.memoryBytes.used / 1e6).toFixed(0)} MB`.padStart(22)}`);
	readers.close();
} finally {
	await bench.close();
	await model.close();
}
process.exit(missed ? 1 : 0);
