import { hostname } from "node:os";
import type { Duplex } from "node:stream";
import { openDeviceSession } from "@opta/auth/cli-login/device-session";
import type { LinkState } from "@opta/contracts/schema/daemon-status";
import type { Logger } from "pino";
import { openAccountStore } from "../account/account-store.ts";
import { addressingOf } from "../account/accounts-addressing.ts";
import type { Egress } from "../egress/egress.ts";
import { homeFiles } from "../platform/home-files.ts";
import type { RemoteAccess } from "../server/access/remote-access.ts";
import { openProofCheck } from "./check-proof.ts";
import { joinHost, objectionOf } from "./join-host.ts";
import { keepLink } from "./keep-link.ts";
import { openReachPins } from "./reach-pins.ts";
import type { ReachTarget } from "./reach-target.ts";
import { watchNetwork } from "./watch-network.ts";

/** What running the way to the host needs. */
export interface RunReachParts {
	readonly home: string;
	readonly build: string;
	readonly egress: Egress;
	readonly logger: Logger;
	readonly target: ReachTarget;
	readonly onState: (state: LinkState) => void;
	readonly onHostName: (name: string) => void;
	/** A connection that the host opened. */
	readonly onConnection: (connection: Duplex) => void;
}

/** The way to the host, while the person wants it. */
export interface RunningReach {
	readonly admit: RemoteAccess["admit"];
	/** Tries again now. */
	readonly retry: () => void;
	/** Ends the link and all its connections at once. */
	readonly close: () => void;
}

const longestName = 80;

/** Joins the host and stays joined. Everything that this needs is loaded with this module, so that others pay nothing. */
export async function runReach(parts: RunReachParts): Promise<RunningReach> {
	const { home, build, egress, logger, target, onState } = parts;
	const addressing = addressingOf(target.accountsOrigin);
	if (addressing === null) {
		onState({ state: "refused", reason: `accounts.origin is ${target.accountsOrigin}; it must be like https://accounts.optalocal.com.` });
		return { admit: async () => null, retry: () => undefined, close: () => undefined };
	}
	const { dispatcher } = egress.way("reach");
	const store = await openAccountStore(home);
	const session = openDeviceSession(addressing, store, { dispatcher });
	const pins = openReachPins(homeFiles(home).reachPins);
	let check: Promise<RemoteAccess["admit"]> | null = null;
	const readyCheck = (): Promise<RemoteAccess["admit"]> => {
		egress.permitReach([target.accountsOrigin]);
		check ??= openProofCheck({ target, addressing, pins, dispatcher, logger }).catch((error: unknown) => {
			check = null;
			throw error;
		});
		return check;
	};
	const joinParts = {
		target,
		store,
		session,
		pins,
		egress,
		hello: { name: hostname().slice(0, longestName) || "Computer", build },
		onStream: parts.onConnection,
		onHostName: parts.onHostName,
	};
	const link = keepLink({
		join: async (where, signal) => {
			await readyCheck();
			return joinHost(joinParts, where, signal);
		},
		object: () => objectionOf(joinParts),
		onState,
		onProblem: (err) => logger.warn({ err }, "the host could not be joined"),
	});
	const unwatch = watchNetwork(link.wake);
	return {
		async admit(proof) {
			try {
				return await (await readyCheck())(proof);
			} catch (err) {
				logger.warn({ err }, "a pass could not be checked");
				return null;
			}
		},
		retry: () => link.wake(false),
		close() {
			unwatch();
			link.close();
			egress.permitReach([]);
		},
	};
}
