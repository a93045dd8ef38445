import { statSync } from "node:fs";
import type { Server } from "node:http";
import type { Duplex } from "node:stream";
import type { LinkState, ReachStatus } from "@opta/contracts/schema/daemon-status";
import type { Logger } from "pino";
import type { LiveConfig } from "../config/live-config.ts";
import type { Egress } from "../egress/egress.ts";
import { homeFiles } from "../platform/home-files.ts";
import type { AccountOfDevice } from "../server/access/admit-remote.ts";
import type { RemoteAccess } from "../server/access/remote-access.ts";
import type { ReachTarget } from "./reach-target.ts";
import { openRemoteUses } from "./remote-uses.ts";
import type { RunningReach } from "./run-reach.ts";

/** What the way from elsewhere needs of the daemon. */
export interface ReachParts {
	readonly home: string;
	readonly build: string;
	readonly config: Pick<LiveConfig, "current">;
	readonly account: AccountOfDevice;
	readonly egress: Egress;
	readonly logger: Logger;
}

/** The way from elsewhere to this computer's sessions: off unless the configuration names a host. */
export interface Reach extends RemoteAccess {
	readonly status: () => ReachStatus;
	/** From now on the configuration is followed, and connections of the host are given to this server. */
	readonly start: (server: Server) => void;
	readonly close: () => void;
}

const lookMs = 1000;

function describe(state: LinkState): string {
	switch (state.state) {
		case "joined":
			return `joined ${state.via} ${state.address} ${state.since}`;
		case "waiting":
		case "refused":
			return `${state.state} ${state.reason}`;
		default:
			return state.state;
	}
}

/** Follows configuration and sign-in: joins, leaves, and ends at once what is not allowed any more. */
export function openReach({ home, build, config, account, egress, logger }: ReachParts): Reach {
	const uses = openRemoteUses(logger);
	const byLink = new WeakSet<Duplex>();
	let server: Server | null = null;
	let state: LinkState = { state: "off" };
	let logged = "off";
	let hostName: string | null = null;
	let wantedBefore = "";
	let allowedBefore = "";
	let pinsBefore = "";
	let generation = 0;
	let running: Promise<RunningReach> | null = null;

	const show = (next: LinkState): void => {
		const words = describe(next);
		state = next;
		// Offline for a night it is one line, not one per try.
		if (next.state !== "connecting" && words !== logged) {
			logged = words;
			logger.info({ link: next }, "reach");
		}
	};
	/** A pin that the person took back lets a host in whose key has changed. */
	const pinStamp = (): string => {
		const stats = statSync(homeFiles(home).reachPins, { throwIfNoEntry: false });
		return stats === undefined ? "-" : `${stats.mtimeMs}/${stats.ino}`;
	};

	/** Does it with what runs; what never began was told of then. */
	function withRunning(work: (one: RunningReach) => void): void {
		running?.then(work, () => undefined);
	}

	function leave(): void {
		withRunning((one) => one.close());
		running = null;
		generation++;
		hostName = null;
		uses.endAll();
	}

	async function begin(target: ReachTarget): Promise<RunningReach> {
		const own = generation;
		const { runReach } = await import("./run-reach.ts");
		return runReach({
			home,
			build,
			egress,
			logger,
			target,
			onState: (next) => {
				if (own === generation) {
					show(next);
					pinsBefore = pinStamp();
				}
			},
			onHostName: (name) => {
				hostName = name;
			},
			onConnection: (connection) => {
				if (own !== generation || server === null) {
					connection.destroy();
					return;
				}
				byLink.add(connection);
				server.emit("connection", connection);
			},
		});
	}

	/** Compares what is wanted with what runs. */
	function look(): void {
		const { reach, accounts } = config.current();
		const signedIn = account();
		const wanted = JSON.stringify([reach.host, accounts.origin, signedIn?.userId, signedIn?.deviceId]);
		const allowed = reach.allow.join(",");
		if (allowed !== allowedBefore) {
			allowedBefore = allowed;
			uses.endAll();
		}
		if (wanted === wantedBefore) {
			if (state.state === "refused" && pinStamp() !== pinsBefore) {
				pinsBefore = pinStamp();
				show({ state: "connecting" });
				withRunning((one) => one.retry());
			}
			return;
		}
		wantedBefore = wanted;
		leave();
		if (reach.host === null || signedIn === null) {
			const next = reach.host === null ? "off" : "signedOut";
			if (state.state !== next) {
				show({ state: next });
			}
			return;
		}
		show({ state: "connecting" });
		running = begin({ hostId: reach.host, accountsOrigin: accounts.origin, userId: signedIn.userId, deviceId: signedIn.deviceId });
		const own = generation;
		running.catch((err: unknown) => {
			logger.error({ err }, "reach could not begin");
			if (own !== generation) {
				return;
			}
			show({ state: "refused", reason: "This computer could not begin to join its host. The log says why: opta daemon logs" });
		});
	}

	let timer: NodeJS.Timeout | undefined;
	return {
		cameByLink: (connection) => byLink.has(connection),
		async admit(proof) {
			look();
			const one = await running?.catch(() => null);
			return one?.admit(proof) ?? null;
		},
		grants: () => config.current().reach.allow,
		begin: uses.begin,
		status() {
			look();
			const { host, allow } = config.current().reach;
			return { host: host === null ? null : { id: host, name: hostName }, allow, link: state, lastUses: [...uses.last()] };
		},
		start(http) {
			server = http;
			timer = setInterval(look, lookMs).unref();
			look();
		},
		close() {
			clearInterval(timer);
			server = null;
			leave();
		},
	};
}
