import { mkdtemp, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { StreamEvent } from "@opta/contracts/schema/daemon-events";
import { optaConfigSchema } from "@opta/contracts/schema/opta-config";
import { openCheckpoints } from "../checkpoints/open-checkpoints.ts";
import type { StreamSink } from "../hub/stream-sink.ts";
import type { Caller } from "../sessions/caller.ts";
import { type OpenSessionsOptions, openSessions } from "../sessions/open-sessions.ts";
import type { Outcome } from "../sessions/outcome.ts";
import type { TurnRunner } from "../turns/turn-runner.ts";

/** The person at this computer, in tests. */
export const localCaller: Caller = {
	clientId: "11111111-1111-4111-8111-111111111111",
	clientName: "terminal",
	userId: null,
	deviceId: null,
	ownsDevice: true,
};

/** A home of its own. */
export async function newHome(): Promise<string> {
	return realpath(await mkdtemp(path.join(tmpdir(), "opta-home-")));
}

/** Options to open the sessions of a home with, as a fresh installation has them. */
export async function sessionOptions(home: string, runner: TurnRunner): Promise<OpenSessionsOptions> {
	const config = optaConfigSchema.parse({ agent: { titles: false } });
	const checkpoints = await openCheckpoints({ folder: path.join(home, "checkpoints"), onProblem: () => undefined });
	return { home, runner, checkpoints, config: () => config, environment: { PATH: "/usr/bin" } };
}

/** Sessions of a home, as a daemon opens them. */
export async function openHome(home: string, runner: TurnRunner, also: Partial<OpenSessionsOptions> = {}) {
	return openSessions({ ...(await sessionOptions(home, runner)), ...also });
}

/** The value, or an error that says what was refused. */
export function got<T>(outcome: Outcome<T>): T {
	if (!outcome.ok) {
		throw new Error(`${outcome.error.code}: ${outcome.error.message}`);
	}
	return outcome.value;
}

/** A reader that keeps all it is told. */
export class Listener implements StreamSink {
	readonly heard: StreamEvent[] = [];
	ended = false;
	#waiting: { readonly until: (event: StreamEvent) => boolean; readonly resolve: (event: StreamEvent) => void }[] = [];

	readonly send = (event: StreamEvent): undefined => {
		this.heard.push(event);
		for (const waiting of this.#waiting.filter(({ until }) => until(event))) {
			this.#waiting = this.#waiting.filter((other) => other !== waiting);
			waiting.resolve(event);
		}
	};

	readonly end = (): void => {
		this.ended = true;
	};

	/** The first event of that type that the condition holds for, also where it came already. */
	next<Type extends StreamEvent["type"]>(
		type: Type,
		holds: (event: Extract<StreamEvent, { type: Type }>) => boolean = () => true,
	): Promise<Extract<StreamEvent, { type: Type }>> {
		const until = (event: StreamEvent): event is Extract<StreamEvent, { type: Type }> =>
			event.type === type && holds(event as Extract<StreamEvent, { type: Type }>);
		const before = this.heard.find(until);
		if (before !== undefined) {
			return Promise.resolve(before);
		}
		return new Promise((resolve) => {
			this.#waiting.push({ until, resolve: resolve as (event: StreamEvent) => void });
		});
	}

	/** Numbers of the durable events, as they came. */
	seqs(): number[] {
		return this.heard.flatMap((event) => ("seq" in event ? [event.seq] : []));
	}
}
