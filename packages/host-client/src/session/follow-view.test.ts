import type { EventList, SessionEvent } from "@opta/contracts/schema/daemon-events";
import type { SessionSnapshot } from "@opta/contracts/schema/daemon-session";
import { expect, it } from "vitest";
import type { DaemonClient, SessionFollower } from "../daemon/daemon-client.ts";
import type { HostResult } from "../host-error.ts";
import { followView } from "./follow-view.ts";

const event = (seq: number) => ({ id: `e:${seq}`, seq, type: "unknown" }) as unknown as SessionEvent;
const snapshot = { metadata: { lastSeq: 2 } } as SessionSnapshot;

it("reads the history before events that come meanwhile, and forgets a history that a newer snapshot overtook", async () => {
	const answers: PromiseWithResolvers<HostResult<EventList>>[] = [];
	const told: string[] = [];
	let source: SessionFollower | undefined;
	const client = {
		listEvents: () => {
			const answer = Promise.withResolvers<HostResult<EventList>>();
			answers.push(answer);
			return answer.promise;
		},
		followSession: async (_: string, follower: SessionFollower) => {
			source = follower;
		},
	} as unknown as DaemonClient;
	const follower = {
		onSession: (_: SessionSnapshot, history: readonly object[]) => told.push(`session with ${history.length}`),
		onEvent: (arrived: object) => told.push(`event ${"seq" in arrived ? arrived.seq : ""}`),
		onConnection: () => undefined,
	};
	await followView(client, "s", follower, new AbortController().signal);
	source?.onSnapshot(snapshot);
	source?.onEvent(event(3));
	source?.onSnapshot(snapshot);
	source?.onEvent(event(4));
	expect(told).toEqual([]);
	answers[0]?.resolve({ ok: true, value: { events: [event(1)], more: false } });
	answers[1]?.resolve({ ok: true, value: { events: [event(1), event(2)], more: false } });
	await expect.poll(() => told).toEqual(["session with 2", "event 4"]);
	source?.onEvent(event(5));
	expect(told.at(-1)).toBe("event 5");
});
