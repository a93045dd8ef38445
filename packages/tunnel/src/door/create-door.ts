import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { PassClaims } from "@opta/contracts/schema/pass";
import type { PassVerifier } from "@opta/reach/pass/verify-pass";
import type { Logger } from "pino";
import { Pool } from "undici";
import { type AdmissionRules, admitRequest, targetPath } from "../admission/admit-request.ts";
import { forwardRequest } from "../forward/forward-request.ts";
import { targetHeaders } from "../forward/request-headers.ts";
import { type DoorLimits, defaultDoorLimits } from "./door-limits.ts";
import { createOpenRequests } from "./open-requests.ts";
import { requestIdFrom } from "./request-id.ts";
import { malformedRequestAnswer, sendError } from "./send-error.ts";

/** What a door needs. */
export interface DoorOptions {
	readonly verify: PassVerifier;
	/** Origin of LMX on loopback. */
	readonly lmxUrl: string;
	/** Names besides loopback that the door answers to, in lower case. */
	readonly allowedHosts: ReadonlySet<string>;
	readonly logger: Logger;
	readonly limits?: Partial<DoorLimits>;
}

/** The door: a server that is not listening yet. */
export interface Door {
	readonly server: Server;
	/** Breaks off what began with a revoked pass; how many requests. */
	readonly endRevoked: (isRevoked: (claims: PassClaims) => boolean) => number;
	/** Takes no more requests, gives open ones `graceMs`, then cuts them. */
	readonly close: (graceMs: number) => Promise<void>;
}

const maxLoggedPathChars = 120;

/** Makes the only way from the internet to a host: a valid pass on every request, a role that the route allows, nothing else. */
export function createDoor(options: DoorOptions): Door {
	const limits = { ...defaultDoorLimits, ...options.limits };
	const { logger } = options;
	const rules: AdmissionRules = {
		verify: options.verify,
		allowedHosts: options.allowedHosts,
		maxBodyBytes: limits.maxBodyBytes,
	};
	const openRequests = createOpenRequests();
	const lmx = new Pool(options.lmxUrl, {
		connections: limits.maxConnections,
		connectTimeout: limits.connectTimeoutMs,
		headersTimeout: limits.answerTimeoutMs,
		bodyTimeout: limits.streamIdleTimeoutMs,
	});

	async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const startedAtMs = performance.now();
		const head = { method: request.method ?? "", target: request.url ?? "", headers: request.headersDistinct };
		const requestId = requestIdFrom(head.headers["x-request-id"]);
		const log = (facts: Readonly<Record<string, unknown>>, words: string): void => {
			const path = targetPath(head.target).slice(0, maxLoggedPathChars);
			const durationMs = Math.round(performance.now() - startedAtMs);
			logger.info({ requestId, method: head.method, path, status: response.statusCode, durationMs, ...facts }, words);
		};
		const admission = await admitRequest(rules, head);
		if (!admission.ok) {
			sendError(request, response, requestId, admission.code, admission.message);
			log({ userId: admission.claims?.sub, role: admission.claims?.role, reason: admission.reason }, "refused");
			return;
		}
		const { claims, route } = admission;
		if (head.headers.expect !== undefined) {
			response.writeContinue();
		}
		const leaveRegister = openRequests.add(claims, response);
		const outcome = await forwardRequest(lmx, {
			request,
			response,
			method: route.method,
			target: head.target,
			headers: targetHeaders(head.headers, claims, requestId),
			requestId,
			maxBodyBytes: limits.maxBodyBytes,
		}).finally(leaveRegister);
		if (outcome.state === "failed" && !response.headersSent) {
			sendError(request, response, requestId, outcome.code, outcome.message);
		}
		const reason = outcome.state === "failed" ? outcome.reason : undefined;
		log({ userId: claims.sub, role: claims.role, outcome: outcome.state, reason }, "forwarded");
	}

	const serve = (request: IncomingMessage, response: ServerResponse): void => {
		handle(request, response).catch((error: unknown) => {
			logger.error({ err: error }, "a request failed inside the door");
			response.destroy();
		});
	};
	const server = createServer(
		{
			headersTimeout: limits.requestHeadTimeoutMs,
			requestTimeout: limits.requestTimeoutMs,
			keepAliveTimeout: limits.keepAliveTimeoutMs,
			connectionsCheckingInterval: 5000,
		},
		serve,
	);
	server.on("checkContinue", serve);
	server.on("clientError", (_error, socket) => {
		if (socket.writable) {
			socket.end(malformedRequestAnswer());
		} else {
			socket.destroy();
		}
	});

	const close = async (graceMs: number): Promise<void> => {
		const closed = new Promise<void>((resolve) => server.close(() => resolve()));
		server.closeIdleConnections();
		const limit = setTimeout(() => server.closeAllConnections(), graceMs);
		await closed;
		clearTimeout(limit);
		await lmx.destroy();
	};
	return { server, endRevoked: openRequests.end, close };
}
