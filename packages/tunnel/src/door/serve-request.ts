import type { IncomingMessage, ServerResponse } from "node:http";
import { peersPath } from "@opta/contracts/reach";
import type { DoctorReport } from "@opta/contracts/schema/doctor";
import type { Peer } from "@opta/contracts/schema/peers";
import type { Logger } from "pino";
import type { AdmissionRules } from "../admission/admission-rules.ts";
import { admitRequest } from "../admission/admit-request.ts";
import { isOwnCall } from "../admission/own-call.ts";
import type { SelfNonces } from "../cloudflared/self-nonces.ts";
import { forwardRequest } from "../forward/forward-request.ts";
import { daemonRequestHeaders, lmxHeaders } from "../forward/request-headers.ts";
import type { DoorLimits } from "./door-limits.ts";
import type { FindTarget } from "./find-target.ts";
import { loggedPath } from "./logged-path.ts";
import { type OpenExchanges, tooMuchUnderWay } from "./open-exchanges.ts";
import { requestIdFrom } from "./request-id.ts";
import { type SentError, sendError } from "./send-error.ts";

/** What requests are answered with. */
export interface RequestParts {
	readonly rules: AdmissionRules;
	readonly findTarget: FindTarget;
	readonly requests: OpenExchanges;
	/** The caller's own devices. */
	readonly listPeers: (sub: string) => readonly Peer[];
	/** Answer of `GET /admin/doctor`, given the caller's own devices. */
	readonly examine: (peers: readonly Peer[]) => Promise<DoctorReport>;
	/** By which the host knows its own calls. */
	readonly nonces: SelfNonces;
	readonly limits: DoorLimits;
	readonly logger: Logger;
}

/** Answers one request. */
export type RequestService = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

function sendJson(response: ServerResponse, requestId: string, body: unknown): void {
	const text = JSON.stringify(body);
	response.writeHead(200, {
		"content-type": "application/json",
		"content-length": Buffer.byteLength(text),
		"cache-control": "private, no-store",
		"x-content-type-options": "nosniff",
		"x-request-id": requestId,
	});
	response.end(text);
}

/** Makes what answers every ordinary request: refused, answered by the door itself, or sent on. */
export function createRequestService({ rules, limits, logger, ...parts }: RequestParts): RequestService {
	return async (request, response) => {
		const startedAtMs = performance.now();
		const head = { method: request.method ?? "", target: request.url ?? "", headers: request.headersDistinct };
		const requestId = requestIdFrom(head.headers["x-request-id"]);
		const log = (facts: Readonly<Record<string, unknown>>, words: string): void => {
			const durationMs = Math.round(performance.now() - startedAtMs);
			const { method, target } = head;
			logger.info({ requestId, method, path: loggedPath(target), status: response.statusCode, durationMs, ...facts }, words);
		};
		if (isOwnCall(head, parts.nonces)) {
			response.writeHead(204, { "cache-control": "private, no-store" }).end();
			return;
		}
		const admission = await admitRequest(rules, head);
		if (!admission.ok) {
			sendError(request, response, requestId, admission);
			log({ userId: admission.claims?.sub, role: admission.claims?.role, reason: admission.reason }, "refused");
			return;
		}
		const { claims, route, devicePass } = admission;
		const caller = { userId: claims.sub, role: claims.role };
		const leave = parts.requests.add(claims, () => response.destroy());
		const refuse = (error: SentError, reason: string): void => {
			sendError(request, response, requestId, error);
			log({ ...caller, reason }, "refused");
		};
		if (leave === null) {
			refuse(tooMuchUnderWay, "too much under way");
			return;
		}
		try {
			if (route.target === "door") {
				const peers = parts.listPeers(claims.sub);
				sendJson(response, requestId, route.path === peersPath ? { peers } : await parts.examine(peers));
				log(caller, "answered");
				return;
			}
			const found = parts.findTarget(route.target, head.target, claims.sub);
			if (!found.ok) {
				refuse(found, found.reason);
				return;
			}
			if (head.headers.expect !== undefined) {
				response.writeContinue();
			}
			const outcome = await forwardRequest(found.target, {
				request,
				response,
				method: route.method,
				path: found.path,
				headers:
					devicePass === null ? lmxHeaders(head.headers, claims, requestId) : daemonRequestHeaders(head.headers, devicePass, requestId),
				requestId,
				maxBodyBytes: limits.maxBodyBytes,
				readerStallMs: limits.readerStallMs,
			});
			if (outcome.state === "failed" && !response.headersSent) {
				sendError(request, response, requestId, outcome);
			}
			const reason = outcome.state === "failed" ? outcome.reason : undefined;
			log({ ...caller, outcome: outcome.state, reason }, "forwarded");
		} finally {
			leave();
		}
	};
}
