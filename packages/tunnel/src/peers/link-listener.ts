import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { linkPath } from "@opta/contracts/reach";
import type { HostIdentity } from "@opta/contracts/schema/host";
import type { TicketVerifier } from "@opta/reach/pass/verify-ticket";
import type { Logger } from "pino";
import { admitUpgrade } from "../admission/admit-upgrade.ts";
import { isAllowedLanHost } from "../admission/allowed-host.ts";
import { requestIdFrom } from "../door/request-id.ts";
import { refuseMalformed, refuseUpgrade, type SentError, sendError } from "../door/send-error.ts";
import { createLinkEntrance } from "./link-entrance.ts";
import type { Peers } from "./open-peers.ts";

/** Bounds of the listener. */
export interface LinkListenerLimits {
	/** For a request to arrive. */
	readonly requestTimeoutMs: number;
	/** Connections, links included; further ones are closed at once. */
	readonly maxConnections: number;
}

/** What the listener needs. */
export interface LinkListenerOptions {
	readonly identity: Pick<HostIdentity, "hostId" | "key">;
	readonly verifyTicket: TicketVerifier;
	/** True while the owner of this host has revoked it. */
	readonly isHostRevoked: () => boolean;
	readonly peers: Peers;
	/** The machine's own name. */
	readonly hostname: string;
	/** Further names that it answers to, in lower case. */
	readonly allowedHosts: ReadonlySet<string>;
	readonly logger: Logger;
	readonly limits?: Partial<LinkListenerLimits>;
}

/** The listener: a server that is not listening yet. */
export interface LinkListener {
	readonly server: Server;
	/** Takes no more devices and cuts connections that are no links yet. */
	readonly close: () => Promise<void>;
}

const defaultLimits: LinkListenerLimits = { requestTimeoutMs: 10_000, maxConnections: 1024 };

const nothingHere: SentError = { code: "not_found", message: "Devices of this network join this host here; there is nothing else." };

/** Makes the listener on the host's own network where its people's devices join, and where there is nothing else. */
export function createLinkListener({ identity, verifyTicket, peers, logger, ...options }: LinkListenerOptions): LinkListener {
	const limits = { ...defaultLimits, ...options.limits };
	const entrance = createLinkEntrance(identity, peers);
	const rules = {
		// Nothing is asked for with a pass here.
		verify: async () => ({ ok: false, reason: "no passes here" }) as const,
		verifyTicket,
		isHostRevoked: options.isHostRevoked,
		verifyAccess: null,
		isOwnHost: (hosts: readonly string[] | undefined) => isAllowedLanHost(hosts, options.hostname, options.allowedHosts),
		maxBodyBytes: 0,
	};

	async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
		// What a connection fails with shows in its end; without a listener it would end the process.
		socket.on("error", () => socket.destroy());
		const requestId = requestIdFrom(undefined);
		if (request.url !== linkPath) {
			refuseUpgrade(socket, requestId, nothingHere);
			return;
		}
		const admission = await admitUpgrade(rules, { method: request.method ?? "", target: linkPath, headers: request.headersDistinct });
		const outcome = admission.ok
			? await entrance.enter(request, socket, head, admission.claims)
			: ({ ...admission, state: "refused" } as const);
		const facts = { requestId, userId: admission.claims?.sub, listener: "link" };
		if (outcome.state === "refused") {
			refuseUpgrade(socket, requestId, outcome);
			logger.info({ ...facts, code: outcome.code, reason: admission.ok ? undefined : admission.reason }, "refused");
			return;
		}
		const reason = outcome.state === "failed" ? outcome.reason : undefined;
		logger.info({ ...facts, deviceId: outcome.deviceId, reason }, outcome.state === "joined" ? "device joined" : "device did not join");
	}

	const server = createServer(
		{
			headersTimeout: limits.requestTimeoutMs,
			requestTimeout: limits.requestTimeoutMs,
			keepAliveTimeout: 1,
			connectionsCheckingInterval: Math.min(5000, limits.requestTimeoutMs),
			shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === "websocket",
		},
		(request, response) => sendError(request, response, requestIdFrom(undefined), nothingHere),
	);
	server.maxConnections = limits.maxConnections;
	server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
		upgrade(request, socket, head).catch((error: unknown) => {
			logger.error({ err: error }, "a link failed inside the listener");
			socket.destroy();
		});
	});
	server.on("clientError", refuseMalformed);
	return {
		server,
		async close() {
			if (server.listening) {
				const closed = new Promise<void>((resolve) => server.close(() => resolve()));
				server.closeAllConnections();
				await closed;
			}
		},
	};
}
