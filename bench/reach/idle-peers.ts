import { setTimeout as delay } from "node:timers/promises";
import type { Link } from "@opta/reach/link/link";
import { createPassMaker, type PassMaker } from "@opta/reach/testing/pass-maker";
import { tryToJoin } from "@opta/tunnel/testing/bench-device";
import { pssBytes } from "../platform/process-memory.ts";
import { startDoor } from "./start-door.ts";

const joinsAtOnce = 10;
const settleMs = 10_000;

async function join(passes: PassMaker, url: string): Promise<Link> {
	const { joined } = await tryToJoin(passes, url, {});
	if (!joined.ok) {
		throw new Error(joined.message);
	}
	return joined.link;
}

async function joinMany(passes: PassMaker, url: string, count: number): Promise<readonly Link[]> {
	const links: Link[] = [];
	while (links.length < count) {
		links.push(...(await Promise.all(Array.from({ length: joinsAtOnce }, () => join(passes, url)))));
	}
	return links;
}

/** Memory of a new door before and after so many devices of as many people joined it and did nothing. Null where it cannot be told. */
export async function measureIdlePeers(count: number): Promise<{ readonly before: number | null; readonly after: number | null }> {
	const passes = await createPassMaker();
	const door = await startDoor(passes, "http://127.0.0.1:9");
	try {
		// The first ones load code, which is not theirs.
		for (const link of await joinMany(passes, door.url, joinsAtOnce)) {
			link.close({ cause: "closed", message: "Only tried." });
			await link.ended;
		}
		await delay(settleMs);
		const before = pssBytes(door.pid);
		await joinMany(passes, door.url, count);
		await delay(settleMs);
		return { before, after: pssBytes(door.pid) };
	} finally {
		await door.stop();
	}
}
