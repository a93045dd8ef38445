import { randomUUID } from "node:crypto";
import type { SessionSnapshot } from "@opta/contracts/schema/daemon-session";
import { createDaemonClient } from "@opta/host-client/daemon/create-daemon-client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BreakingProxy, startBreakingProxy } from "../../testing/breaking-proxy.ts";
import { expectValue, startTestDaemon, type TestDaemon } from "../../testing/daemon-in-process.ts";

let daemon: TestDaemon;
let proxy: BreakingProxy;

beforeEach(async () => {
	daemon = await startTestDaemon({}, { otherwise: () => [{ text: "Word after word, until the answer is whole." }] });
	proxy = await startBreakingProxy(Number(new URL(daemon.baseUrl).port));
});

afterEach(async () => {
	await proxy.close();
	await daemon.close();
});

interface Follower {
	readonly snapshots: SessionSnapshot[];
	/** Ids of durable events since the last snapshot. */
	readonly ids: string[];
	readonly states: string[];
	readonly end: () => Promise<void>;
}

function follow(sessionId: string): Follower {
	const client = createDaemonClient({ baseUrl: proxy.url, token: () => daemon.token, clientId: randomUUID(), clientName: "follower" });
	const leave = new AbortController();
	const snapshots: SessionSnapshot[] = [];
	const ids: string[] = [];
	const states: string[] = [];
	const ended = client.followSession(
		sessionId,
		{
			onSnapshot: (snapshot) => {
				snapshots.push(snapshot);
				ids.length = 0;
			},
			onEvent: (event) => {
				if ("id" in event) {
					ids.push(event.id);
				}
			},
			onConnection: (state) => void states.push(state),
		},
		leave.signal,
	);
	return {
		snapshots,
		ids,
		states,
		end: () => {
			leave.abort();
			return ended;
		},
	};
}

async function turn(sessionId: string): Promise<void> {
	expectValue(await daemon.client().createTurn(sessionId, { content: "Go on." }, randomUUID()));
}

/** Waits until the session is idle; its durable events after a cursor. */
async function settledIds(sessionId: string, after: string): Promise<string[]> {
	await expect.poll(async () => expectValue(await daemon.client().readSession(sessionId)).turns).toEqual([]);
	const list = expectValue(await daemon.client().listEvents(sessionId, after, 1000));
	expect(list.more).toBe(false);
	return list.events.map(({ id }) => id);
}

describe("following a session", () => {
	it.each(["WebSocket", "server-sent events"])(
		"tells each event once and in order over %s, however often the connection breaks",
		async (transport) => {
			if (transport !== "WebSocket") {
				proxy.refuseUpgrades();
			}
			const sessionId = await daemon.createSession();
			const follower = follow(sessionId);
			await expect.poll(() => follower.states.at(-1)).toBe("live");
			for (let round = 0; round < 5; round++) {
				await turn(sessionId);
				proxy.cut();
				await turn(sessionId);
				const seen = follower.states.length;
				await expect.poll(() => follower.states.slice(seen - 1).at(-1)).toBe("live");
			}
			const expected = await settledIds(sessionId, follower.snapshots[0]?.lastEventId ?? "");
			await expect.poll(() => follower.ids).toEqual(expected);
			expect(follower.snapshots).toHaveLength(1);
			await follower.end();
		},
	);

	it("goes on after the daemon was started anew, with its new token", async () => {
		const sessionId = await daemon.createSession();
		const follower = follow(sessionId);
		await expect.poll(() => follower.states.at(-1)).toBe("live");
		await turn(sessionId);
		await settledIds(sessionId, "0");
		await daemon.restart();
		await turn(sessionId);
		const expected = await settledIds(sessionId, follower.snapshots[0]?.lastEventId ?? "");
		await expect.poll(() => follower.ids).toEqual(expected);
		await follower.end();
	});

	it("says that it is lost while nothing answers, and waits", async () => {
		const sessionId = await daemon.createSession();
		const follower = follow(sessionId);
		await expect.poll(() => follower.states.at(-1)).toBe("live");
		proxy.setOpen(false);
		proxy.cut();
		await expect.poll(() => follower.states.includes("lost")).toBe(true);
		await turn(sessionId);
		proxy.setOpen(true);
		await expect.poll(() => follower.states.at(-1)).toBe("live");
		const expected = await settledIds(sessionId, follower.snapshots.at(-1)?.lastEventId ?? "");
		await expect.poll(() => follower.ids).toEqual(expected);
		await follower.end();
	});

	it("ends where there is no such session", async () => {
		const follower = follow("01a206ff-0000-7000-8000-000000000000");
		await expect.poll(() => follower.states).toEqual(["connecting", "lost"]);
		await follower.end();
	});

	it("hears of changes of the list of sessions", async () => {
		const leave = new AbortController();
		const changed: string[] = [];
		const ended = daemon.client().followSessions(({ sessionId }) => void changed.push(sessionId), leave.signal);
		await expect.poll(async () => expectValue(await daemon.client().status()).clients.used).toBe(1);
		const sessionId = await daemon.createSession();
		await expect.poll(() => changed).toContain(sessionId);
		leave.abort();
		await ended;
	});
});
