import type { Duplex } from "node:stream";
import type { LinkState } from "@opta/contracts/schema/daemon-status";
import type { Link, LinkEnd } from "@opta/reach/link/link";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { HostJoin } from "./join-host.ts";
import { type KeptLink, keepLink, linkLookMs } from "./keep-link.ts";

interface FakeLink extends Link {
	streams: number;
	readonly ends: LinkEnd[];
}

function fakeLink(): FakeLink {
	const ended = Promise.withResolvers<LinkEnd>();
	const ends: LinkEnd[] = [];
	return {
		streams: 0,
		ends,
		ended: ended.promise,
		openStream: (): Duplex => {
			throw new Error("Only the host opens streams.");
		},
		streamCount() {
			return this.streams;
		},
		close(end) {
			ends.push(end);
			ended.resolve(end);
		},
	};
}

const offline: HostJoin = { ok: false, state: "waiting", reason: "It does not answer." };
let states: LinkState[];
let asked: string[];
let answers: HostJoin[];
let objection: string | null;
let kept: KeptLink;

function joined(link: Link, via: "lan" | "door" = "lan"): HostJoin {
	return { ok: true, link, via, address: `http://${via}` };
}

function start(...first: HostJoin[]): void {
	answers = first;
	kept = keepLink({
		join: async (where) => {
			asked.push(where);
			return answers.shift() ?? offline;
		},
		object: async () => objection,
		onState: (state) => states.push(state),
		onProblem: () => undefined,
		random: () => 1,
	});
}

const shown = (): string[] => states.map((state) => (state.state === "joined" ? state.via : state.state));
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
	vi.useFakeTimers();
	states = [];
	asked = [];
	objection = null;
});

afterEach(() => {
	kept.close();
	vi.useRealTimers();
});

it("tries again with growing pauses, and at once when the network is another one", async () => {
	start();
	await pass(0);
	expect(shown()).toEqual(["connecting", "waiting"]);
	await pass(1000);
	expect(asked).toHaveLength(2);
	await pass(1999);
	expect(asked).toHaveLength(2);
	await pass(1);
	expect(asked).toHaveLength(3);
	answers = [joined(fakeLink())];
	kept.wake(false);
	await pass(0);
	expect(shown().at(-1)).toBe("lan");
});

it("comes back in a second where a good link ends, and waits longer where it ends at once each time", async () => {
	const good = fakeLink();
	start(joined(good), joined(fakeLink()));
	await pass(60_000);
	good.close({ cause: "lost", message: "Lost." });
	await pass(0);
	expect(states.at(-1)).toMatchObject({ state: "waiting", reason: "Lost." });
	await pass(1000);
	expect(shown().at(-1)).toBe("lan");
	for (const wantedMs of [1000, 2000, 4000]) {
		const next = fakeLink();
		answers = [joined(next)];
		kept.wake(true);
		await pass(wantedMs - 1);
		expect(shown().at(-1)).toBe("waiting");
		await pass(1);
		expect(shown().at(-1)).toBe("lan");
	}
});

it("moves from the tunnel to the host's own network, but not under anybody's hands", async () => {
	const [door, near] = [fakeLink(), fakeLink()];
	start(joined(door, "door"));
	await pass(0);
	door.streams = 1;
	answers = [joined(near)];
	await pass(linkLookMs);
	expect(asked).toEqual(["any"]);
	door.streams = 0;
	await pass(linkLookMs);
	expect(asked).toEqual(["any", "lan"]);
	expect(door.ends).toHaveLength(1);
	expect(shown()).toEqual(["connecting", "door", "lan"]);
	await pass(linkLookMs * 3);
	expect(asked).toHaveLength(2);
	near.close({ cause: "lost", message: "Lost." });
	await pass(0);
	expect(shown().at(-1)).toBe("waiting");
});

it("says that the person is needed, and looks again after a minute", async () => {
	start({ ok: false, state: "refused", reason: "Another key." }, { ok: false, state: "signedOut", reason: "Nobody is signed in." });
	await pass(0);
	expect(states.at(-1)).toEqual({ state: "refused", reason: "Another key." });
	await pass(60_000);
	expect(states.at(-1)).toEqual({ state: "signedOut" });
});

it("closes its link when it is closed, and joins no more", async () => {
	const link = fakeLink();
	start(joined(link));
	await pass(0);
	kept.close();
	await pass(600_000);
	expect(link.ends).toMatchObject([{ cause: "closed" }]);
	expect(asked).toHaveLength(1);
});

it("leaves where accounts says that this computer may not be joined any more", async () => {
	const link = fakeLink();
	start(joined(link), { ok: false, state: "refused", reason: "No member." });
	await pass(linkLookMs);
	expect(link.ends).toEqual([]);
	objection = "No member.";
	await pass(linkLookMs);
	expect(link.ends).toMatchObject([{ cause: "revoked", message: "No member." }]);
	await pass(1000);
	expect(states.at(-1)).toMatchObject({ state: "refused" });
});
