import { availableParallelism, cpus } from "node:os";
import { createPassMaker } from "@opta/reach/testing/pass-maker";
import { tryToJoin } from "@opta/tunnel/testing/bench-device";
import { createStandInServer } from "@opta/tunnel/testing/stand-in-server";
import { median } from "../median.ts";
import { startStampedModel, streamStamped } from "../stamped-model.ts";
import { measureIdlePeers } from "./idle-peers.ts";
import { type ReadStream, readStream, type StreamSource } from "./read-stream.ts";
import { startDoor } from "./start-door.ts";

/** `npm run bench:reach`: what the door, and the door with a device behind it, add to tokens and streams, and what idle devices cost the door. Exit code 1 below a bar. */

const rounds = 5;
const tokens = 400;
const tokenEveryMs = 5;
const streams = 6;
const idlePeers = 200;
const bars = { addedMs: 5, throughput: 0.97, peerBytes: 40_000_000 } as const;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
let missed = false;
function judge(name: string, value: string, bar: string, holds: boolean): void {
	missed ||= !holds;
	say(`${name.padEnd(58)} ${value.padStart(20)}   ${bar}${holds ? "" : "  MISSED"}`);
}

/** What one way brought, over all rounds. */
interface Measured {
	readonly delaysMs: number[];
	readonly tokensPerSecond: number[];
}

const passes = await createPassMaker();
const model = await startStampedModel(tokens, tokenEveryMs);
const modelUrl = `http://${model.host}:${model.port}`;
const door = await startDoor(passes, modelUrl);
try {
	say(`${availableParallelism()} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}`);
	const daemon = createStandInServer();
	daemon.answerWith((received, response) => {
		received.resume();
		void streamStamped(response, tokens, tokenEveryMs);
	});
	const { joined, device } = await tryToJoin(passes, door.url, { daemon });
	if (!joined.ok) {
		throw new Error(joined.message);
	}
	const laptop = device(joined.link);
	const chatPath = "/v1/chat/completions";
	const ways = {
		direct: async (): Promise<StreamSource> => ({ url: `${modelUrl}${chatPath}`, method: "POST", headers: {} }),
		door: async (): Promise<StreamSource> => ({
			url: `${door.url}${chatPath}`,
			method: "POST",
			headers: { authorization: `Bearer ${await passes.make("user")}` },
		}),
		device: async (): Promise<StreamSource> => ({
			url: `${door.url}${laptop.path("/v3/stream")}`,
			method: "GET",
			headers: await laptop.headers(),
		}),
	} as const;
	const names = ["direct", "door", "device"] as const;
	const measured: Record<(typeof names)[number], Measured> = {
		direct: { delaysMs: [], tokensPerSecond: [] },
		door: { delaysMs: [], tokensPerSecond: [] },
		device: { delaysMs: [], tokensPerSecond: [] },
	};
	const readAll = async (name: (typeof names)[number], count: number): Promise<readonly ReadStream[]> => {
		const sources = await Promise.all(Array.from({ length: count }, ways[name]));
		return Promise.all(sources.map(readStream));
	};
	for (const name of names) {
		await readAll(name, 1);
	}
	for (let round = 0; round < rounds; round++) {
		for (const name of names) {
			for (const { delaysMs } of await readAll(name, 1)) {
				measured[name].delaysMs.push(...delaysMs);
			}
			const all = await readAll(name, streams);
			const arrived = all.reduce((sum, { delaysMs }) => sum + delaysMs.length, 0);
			measured[name].tokensPerSecond.push(arrived / (Math.max(...all.map(({ durationMs }) => durationMs)) / 1000));
		}
	}
	const directMs = median(measured.direct.delaysMs);
	const directSpeed = median(measured.direct.tokensPerSecond);
	say(`${"token without the door, median".padEnd(58)} ${`${directMs.toFixed(2)} ms`.padStart(20)}`);
	say(`${`${streams} streams without the door, median`.padEnd(58)} ${`${directSpeed.toFixed(0)} tokens/s`.padStart(20)}`);
	for (const [name, title] of [
		["door", "the door"],
		["device", "door, link and relay to a device"],
	] as const) {
		const addedMs = median(measured[name].delaysMs) - directMs;
		judge(`${title}: added to a token, median`, `${addedMs.toFixed(2)} ms`, `at most ${bars.addedMs} ms`, addedMs <= bars.addedMs);
		const ratio = median(measured[name].tokensPerSecond) / directSpeed;
		judge(
			`${title}: throughput of ${streams} streams`,
			`${(ratio * 100).toFixed(1)} %`,
			`at least ${bars.throughput * 100} %`,
			ratio >= bars.throughput,
		);
	}
} finally {
	await door.stop();
	await model.close();
}

const { before, after } = await measureIdlePeers(idlePeers);
if (before === null || after === null) {
	say("memory of idle devices: not measured, only Linux tells it");
} else {
	const bytes = after - before;
	judge(
		`${idlePeers} idle devices in the door's memory`,
		`${(bytes / 1e6).toFixed(1)} MB`,
		`under ${bars.peerBytes / 1e6} MB (${(before / 1e6).toFixed(0)} before)`,
		bytes < bars.peerBytes,
	);
}
process.exit(missed ? 1 : 0);
