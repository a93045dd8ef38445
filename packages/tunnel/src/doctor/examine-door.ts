import { build } from "@opta/contracts/build";
import { judgeClock } from "@opta/contracts/clock-skew";
import { compareBuilds } from "@opta/contracts/compare-builds";
import { type CheckOutcome, runCheck } from "@opta/contracts/doctor-check";
import { type DoctorLayer, inLayerOrder } from "@opta/contracts/doctor-layers";
import type { DoctorCheck, DoctorReport } from "@opta/contracts/schema/doctor";
import type { HostIdentity } from "@opta/contracts/schema/host";
import type { Peer } from "@opta/contracts/schema/peers";
import type { TunnelView } from "@opta/contracts/schema/process-message";
import type { MeetSelf } from "../cloudflared/meet-self.ts";
import { askAccounts } from "./ask-accounts.ts";
import { askDaemon } from "./ask-daemon.ts";
import { askLmx } from "./ask-lmx.ts";
import { judgeAddress } from "./judge-address.ts";
import { judgePeers } from "./judge-peers.ts";
import { judgeTunnel } from "./judge-tunnel.ts";

/** What the door knows of itself when somebody asks how it is. */
export interface DoorParts {
	/** Whose passes this host takes, and by which keys. */
	readonly identity: Pick<HostIdentity, "issuer" | "jwks">;
	/** Origin of LMX on loopback. */
	readonly lmxUrl: string;
	/** Origin of the daemon beside the host on loopback. */
	readonly daemonUrl: string;
	/** How the way from the internet stands; null where it is off. */
	readonly tunnel: TunnelView | null;
	/** Null where something stands before the door that lets only its own people through. */
	readonly meetSelf: MeetSelf | null;
	/** The caller's own devices, and nobody else's. */
	readonly peers: readonly Peer[];
}

/** Longer than the probe of LMX's own doctor takes, shorter than a site waits for the door. */
const timeLimitMs = 12_000;
/** Requests end before that, with a reason of their own. */
const askLimitMs = 10_000;
const daemonLimitMs = 3_000;

/**
 * Answer of `GET /admin/doctor` at the door: what the door sees of everything around it, and what LMX tells of itself.
 * All looks run at once and have a time limit; it never rejects.
 */
export async function examineDoor({ identity, lmxUrl, daemonUrl, tunnel, meetSelf, peers }: DoorParts): Promise<DoctorReport> {
	const askingLmx = askLmx(lmxUrl, AbortSignal.timeout(askLimitMs));
	const askingDaemon = askDaemon(daemonUrl, AbortSignal.timeout(daemonLimitMs));
	const askingAccounts = askAccounts(identity, AbortSignal.timeout(askLimitMs));
	const check = (
		layer: DoctorLayer,
		name: string,
		look: (signal: AbortSignal) => CheckOutcome | Promise<CheckOutcome>,
	): Promise<DoctorCheck> => runCheck({ layer, name, timeLimitMs, fixWhenLate: "Restart the host: npm run host" }, look);
	const own = await Promise.all([
		check("tunnel", "tunnel", (signal) => judgeTunnel(tunnel, meetSelf, AbortSignal.any([signal, AbortSignal.timeout(askLimitMs)]))),
		check("door", "accounts", async () => (await askingAccounts).outcome),
		check("lmx", "way from the door", async () => (await askingLmx).outcome),
		check("daemon", "daemon of the host", async () => (await askingDaemon).outcome),
		check("peers", "own computers", () => judgePeers(peers)),
		check("clock", "host and accounts", async () => judgeClock((await askingAccounts).skewMs, "accounts")),
		check("versions", "programs of the host", async () => {
			const others = [
				{ program: "LMX", build: (await askingLmx).build },
				{ program: "daemon", build: (await askingDaemon).build },
			];
			const told = others.flatMap((each) => (each.build === null ? [] : [{ program: each.program, build: each.build }]));
			return compareBuilds([{ program: "door", build }, ...told]);
		}),
		check("address", "public address", () => judgeAddress(tunnel?.publicUrl ?? null)),
	]);
	const { checks } = await askingLmx;
	return { build, at: new Date().toISOString(), checks: inLayerOrder([...own, ...checks]) };
}
