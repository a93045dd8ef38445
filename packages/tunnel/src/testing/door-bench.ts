import { EventEmitter, on, once } from "node:events";
import { type ClientRequest, type IncomingMessage, type RequestListener, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { PassRevocation } from "@opta/contracts/schema/pass";
import type { JoinedLink } from "@opta/reach/link/link";
import { createPassMaker, type PassMaker } from "@opta/reach/testing/pass-maker";
import { pino } from "pino";
import type { AccessVerifier } from "../access/verify-access.ts";
import { createSelfNonces, type SelfNonces } from "../cloudflared/self-nonces.ts";
import { createDoor, type Door } from "../door/create-door.ts";
import type { DoorLimits } from "../door/door-limits.ts";
import { openTrust } from "../door/open-trust.ts";
import { createLinkListener, type LinkListenerLimits } from "../peers/link-listener.ts";
import { openPeers, type Peers } from "../peers/open-peers.ts";
import type { PeerLimits } from "../peers/peer-limits.ts";
import { type BenchDevice, type JoiningDevice, tryToJoin } from "./bench-device.ts";
import { openSocket, type SentUpgrade, type UpgradeAnswer } from "./open-socket.ts";
import { createStandInServer, type ReceivedRequest, type StandInServer } from "./stand-in-server.ts";

/** What a test sends. Header lists are sent as several lines. */
export interface SentRequest {
	readonly method?: string;
	readonly path?: string;
	readonly pass?: string;
	readonly headers?: Readonly<Record<string, string | readonly string[]>>;
	readonly body?: string;
}

/** An answer, read to its end. */
export interface ReceivedAnswer {
	readonly status: number;
	readonly headers: IncomingMessage["headers"];
	readonly body: string;
}

/** What a test changes of the door. */
export interface DoorBenchOptions {
	readonly limits?: Partial<DoorLimits>;
	readonly peerLimits?: Partial<PeerLimits>;
	readonly linkLimits?: Partial<LinkListenerLimits>;
	readonly allowedHosts?: readonly string[];
	readonly verifyAccess?: AccessVerifier;
}

/** A door on a free port before stand-ins for LMX and the daemon beside it. */
export interface DoorBench {
	readonly passes: PassMaker;
	readonly doorPort: number;
	/** Names that the door answers to at this moment, besides the configured ones. */
	readonly publicHosts: Set<string>;
	/** What LMX received. */
	readonly received: ReceivedRequest[];
	/** The stand-ins behind the door on loopback. */
	readonly lmx: StandInServer;
	readonly daemon: StandInServer;
	readonly peers: Peers;
	/** By which the host knows its own calls. */
	readonly nonces: SelfNonces;
	/** Where the same host takes in devices of its own network. */
	readonly linkPort: number;
	/** Log lines of the door. */
	readonly logs: Record<string, unknown>[];
	/** The first log line that was not asked for yet. */
	readonly nextLog: () => Promise<Record<string, unknown>>;
	/** Replaces what LMX answers. */
	readonly answerWith: (listener: RequestListener) => void;
	/** Opens a request without ending it. */
	readonly open: (sent: SentRequest) => ClientRequest;
	readonly send: (sent: SentRequest) => Promise<ReceivedAnswer>;
	readonly openSocket: (sent: SentUpgrade) => Promise<UpgradeAnswer>;
	/** Joins as a device; throws when it is not taken. */
	readonly joinDevice: (device?: JoiningDevice) => Promise<BenchDevice>;
	readonly tryToJoin: (device?: JoiningDevice) => Promise<JoinedLink>;
	/** What accounts says at the next look; answers how much ended. */
	readonly revoke: (revocations: readonly PassRevocation[]) => number;
	readonly stopTarget: () => Promise<void>;
	readonly close: () => Promise<void>;
}

async function listen(server: Server): Promise<number> {
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return (server.address() as AddressInfo).port;
}

/** Starts a door and what is behind it. */
export async function openDoorBench(options: DoorBenchOptions = {}): Promise<DoorBench> {
	const passes = await createPassMaker();
	const logs: Record<string, unknown>[] = [];
	const logged = new EventEmitter();
	const unread = on(logged, "line");
	const write = (line: string): void => {
		const entry: Record<string, unknown> = JSON.parse(line);
		logs.push(entry);
		logged.emit("line", entry);
	};
	const logger = pino({}, { write });
	const [lmx, daemon] = [createStandInServer(), createStandInServer()];
	const [lmxUrl, daemonUrl] = await Promise.all([lmx.listen(), daemon.listen()]);
	const { identity } = passes;
	const trust = openTrust(identity, { fetchStatements: async () => [], store: async () => undefined, report: () => undefined });
	const { verify, verifyTicket, isHostRevoked } = trust;
	const nonces = createSelfNonces();
	const peers = openPeers({
		limits: options.peerLimits ?? {},
		onEnd: (deviceId, { cause }) => logger.info({ deviceId, cause }, "device left"),
	});
	const allowedHosts = new Set(options.allowedHosts);
	const publicHosts = new Set<string>();
	const door: Door = createDoor({
		...{ identity, verify, verifyTicket, isHostRevoked, nonces, lmxUrl, daemonUrl, peers, allowedHosts, publicHosts, logger },
		verifyAccess: options.verifyAccess ?? null,
		examine: async (own) => ({ build: `${own.length} devices`, at: new Date().toISOString(), checks: [] }),
		limits: options.limits ?? {},
	});
	const links = createLinkListener({
		...{ identity, verifyTicket, isHostRevoked, peers, hostname: "Mono512.local", allowedHosts, logger },
		limits: options.linkLimits ?? {},
	});
	const [doorPort, linkPort] = await Promise.all([listen(door.server), listen(links.server)]);
	const doorUrl = `http://127.0.0.1:${doorPort}`;
	const open = (sent: SentRequest): ClientRequest =>
		request({
			host: "127.0.0.1",
			port: doorPort,
			agent: false,
			method: sent.method ?? "GET",
			path: sent.path ?? "/healthz",
			headers: { ...(sent.pass === undefined ? {} : { authorization: `Bearer ${sent.pass}` }), ...sent.headers } as Record<string, string>,
		});
	return {
		...{ passes, doorPort, linkPort, publicHosts, lmx, daemon, peers, nonces, logs, open },
		received: lmx.received,
		nextLog: async () => (await unread.next()).value?.[0],
		answerWith: lmx.answerWith,
		send: async (sent) => {
			const outgoing = open(sent);
			outgoing.end(sent.body);
			const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
			return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) };
		},
		openSocket: (sent) => openSocket(doorPort, sent),
		joinDevice: async (wish = {}) => {
			const { joined, device } = await tryToJoin(passes, doorUrl, wish);
			if (!joined.ok) {
				throw new Error(`The device was not taken: ${joined.message}`);
			}
			return device(joined.link);
		},
		tryToJoin: async (wish = {}) => (await tryToJoin(passes, doorUrl, wish)).joined,
		revoke: (revocations) => {
			trust.replaceRevocations(revocations);
			return door.endRevoked(trust.isRevoked);
		},
		stopTarget: lmx.close,
		close: async () => {
			await Promise.all([door.close(0), links.close()]);
			await Promise.all([lmx.close(), daemon.close()]);
		},
	};
}
