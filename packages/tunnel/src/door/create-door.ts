import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { DoctorReport } from "@opta/contracts/schema/doctor";
import type { HostIdentity } from "@opta/contracts/schema/host";
import type { PassClaims } from "@opta/contracts/schema/pass";
import type { Peer } from "@opta/contracts/schema/peers";
import type { PassVerifier } from "@opta/reach/pass/verify-pass";
import type { TicketVerifier } from "@opta/reach/pass/verify-ticket";
import type { Logger } from "pino";
import type { AccessVerifier } from "../access/verify-access.ts";
import { isAllowedHost } from "../admission/allowed-host.ts";
import type { SelfNonces } from "../cloudflared/self-nonces.ts";
import { createLoopbackTarget } from "../forward/loopback-target.ts";
import { createLinkEntrance } from "../peers/link-entrance.ts";
import type { Peers } from "../peers/open-peers.ts";
import { createPeerTargets } from "../peers/peer-targets.ts";
import { type DoorLimits, defaultDoorLimits } from "./door-limits.ts";
import { createTargetFinder } from "./find-target.ts";
import { createOpenExchanges } from "./open-exchanges.ts";
import { refuseMalformed } from "./send-error.ts";
import { createRequestService } from "./serve-request.ts";
import { createUpgradeService } from "./serve-upgrade.ts";

/** What a door needs. */
export interface DoorOptions {
	readonly identity: Pick<HostIdentity, "hostId" | "key">;
	readonly verify: PassVerifier;
	readonly verifyTicket: TicketVerifier;
	/** True while the owner of this host has revoked it. */
	readonly isHostRevoked: () => boolean;
	/** Origin of LMX on loopback. */
	readonly lmxUrl: string;
	/** Origin of the daemon beside the host on loopback. */
	readonly daemonUrl: string;
	readonly peers: Peers;
	/** By which the host knows its own calls, see `selfPath`. */
	readonly nonces: SelfNonces;
	/** Names besides loopback that the door answers to, in lower case: configured ones, and those that the tunnel has now. */
	readonly allowedHosts: ReadonlySet<string>;
	readonly publicHosts: ReadonlySet<string>;
	/** Cloudflare Access, asked before anything else; null where it does not stand before the door. */
	readonly verifyAccess: AccessVerifier | null;
	/** Answer of `GET /admin/doctor`, given the caller's own devices. */
	readonly examine: (peers: readonly Peer[]) => Promise<DoctorReport>;
	readonly logger: Logger;
	readonly limits?: Partial<DoorLimits>;
}

/** The door: a server that is not listening yet. */
export interface Door {
	readonly server: Server;
	/** Breaks off what began with a revoked pass, links included; how much. */
	readonly endRevoked: (isRevoked: (claims: PassClaims) => boolean) => number;
	/** Takes no more requests, gives open ones `graceMs`, then cuts them; sockets and links end at once. */
	readonly close: (graceMs: number) => Promise<void>;
}

/** Makes the only way from the internet to a host: a valid pass on every request, a role that the route allows, nothing else. */
export function createDoor({ logger, peers, allowedHosts, publicHosts, ...options }: DoorOptions): Door {
	const limits = { ...defaultDoorLimits, ...options.limits };
	const lmx = createLoopbackTarget("The inference server of this host", options.lmxUrl, limits);
	const daemon = createLoopbackTarget("The daemon of this host", options.daemonUrl, limits);
	const rules = {
		verify: options.verify,
		verifyTicket: options.verifyTicket,
		isHostRevoked: options.isHostRevoked,
		verifyAccess: options.verifyAccess,
		isOwnHost: (hosts: readonly string[] | undefined) => isAllowedHost(hosts, allowedHosts, publicHosts),
		maxBodyBytes: limits.maxBodyBytes,
	};
	const findTarget = createTargetFinder({ lmx, daemon, peers: createPeerTargets(peers, limits) });
	const requests = createOpenExchanges({ most: limits.maxRequests, mostPerPerson: limits.maxRequestsPerPerson });
	const sockets = createOpenExchanges({ most: limits.maxSockets, mostPerPerson: limits.maxSocketsPerPerson });
	const serveRequest = createRequestService({
		...{ rules, findTarget, requests, limits, logger },
		...{ listPeers: peers.list, examine: options.examine, nonces: options.nonces },
	});
	const entrance = createLinkEntrance(options.identity, peers);
	const serveUpgrade = createUpgradeService({ rules, findTarget, entrance, sockets, limits, logger });

	const noteFailure = (connection: ServerResponse | Duplex) => (error: unknown) => {
		logger.error({ err: error }, "a request failed inside the door");
		connection.destroy();
	};
	const serve = (request: IncomingMessage, response: ServerResponse): void => {
		serveRequest(request, response).catch(noteFailure(response));
	};
	const server = createServer(
		{
			headersTimeout: limits.requestHeadTimeoutMs,
			requestTimeout: limits.requestTimeoutMs,
			keepAliveTimeout: limits.keepAliveTimeoutMs,
			connectionsCheckingInterval: 5000,
			shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === "websocket",
		},
		serve,
	);
	server.on("checkContinue", serve);
	server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
		serveUpgrade(request, socket, head).catch(noteFailure(socket));
	});
	server.on("clientError", refuseMalformed);

	return {
		server,
		endRevoked: (isRevoked) => requests.endRevoked(isRevoked) + sockets.endRevoked(isRevoked) + peers.endRevoked(isRevoked),
		async close(graceMs) {
			const closed = new Promise<void>((resolve) => server.close(() => resolve()));
			server.closeIdleConnections();
			sockets.endAll();
			peers.closeAll();
			const limit = setTimeout(() => server.closeAllConnections(), graceMs);
			await closed;
			clearTimeout(limit);
			await Promise.all([lmx.close(), daemon.close()]);
		},
	};
}
