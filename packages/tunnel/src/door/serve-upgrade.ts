import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { daemonSocketTokenPrefix } from "@opta/contracts/daemon-protocol";
import type { Logger } from "pino";
import type { AdmissionRules } from "../admission/admission-rules.ts";
import { admitUpgrade } from "../admission/admit-upgrade.ts";
import { forwardUpgrade } from "../forward/forward-upgrade.ts";
import { callerHeaders, daemonUpgradeHeaders } from "../forward/request-headers.ts";
import type { LinkEntrance } from "../peers/link-entrance.ts";
import type { DoorLimits } from "./door-limits.ts";
import type { FindTarget } from "./find-target.ts";
import { loggedPath } from "./logged-path.ts";
import { type OpenExchanges, tooMuchUnderWay } from "./open-exchanges.ts";
import { requestIdFrom } from "./request-id.ts";
import { refuseUpgrade, type SentError } from "./send-error.ts";

/** What openings of WebSockets are answered with. */
export interface UpgradeParts {
	readonly rules: AdmissionRules;
	readonly findTarget: FindTarget;
	readonly entrance: LinkEntrance;
	readonly sockets: OpenExchanges;
	readonly limits: DoorLimits;
	readonly logger: Logger;
}

/** Answers one opening of a WebSocket; settles when the WebSocket is over, or a link is joined. */
export type UpgradeService = (request: IncomingMessage, client: Duplex, clientHead: Buffer) => Promise<void>;

/** Makes what answers every opening of a WebSocket: refused, taken in as a link, or joined with one behind the door. */
export function createUpgradeService({ rules, findTarget, entrance, sockets, limits, logger }: UpgradeParts): UpgradeService {
	return async (request, client, clientHead) => {
		const startedAtMs = performance.now();
		// What a connection fails with shows in its end; without a listener it would end the process.
		client.on("error", () => client.destroy());
		const head = { method: request.method ?? "", target: request.url ?? "", headers: request.headersDistinct };
		const requestId = requestIdFrom(head.headers["x-request-id"]);
		const log = (facts: Readonly<Record<string, unknown>>, words: string): void => {
			const durationMs = Math.round(performance.now() - startedAtMs);
			logger.info({ requestId, method: "WebSocket", path: loggedPath(head.target), durationMs, ...facts }, words);
		};
		const admission = await admitUpgrade(rules, head);
		const caller = { userId: admission.claims?.sub, role: admission.claims?.role };
		const refuse = (error: SentError, reason: string): void => {
			refuseUpgrade(client, requestId, error);
			log({ ...caller, code: error.code, reason }, "refused");
		};
		if (!admission.ok) {
			refuse(admission, admission.reason);
			return;
		}
		const { claims, socket, deviceTicket } = admission;
		if (socket.target === "door") {
			const outcome = await entrance.enter(request, client, clientHead, claims);
			if (outcome.state === "refused") {
				refuse(outcome, outcome.code);
			} else {
				const reason = outcome.state === "failed" ? outcome.reason : undefined;
				log({ ...caller, deviceId: outcome.deviceId, reason }, outcome.state === "joined" ? "device joined" : "device did not join");
			}
			return;
		}
		const found = findTarget(socket.target, head.target, claims.sub);
		if (!found.ok) {
			refuse(found, found.reason);
			return;
		}
		const leave = sockets.add(claims, () => client.destroy());
		if (leave === null) {
			refuse(tooMuchUnderWay, "too many sockets");
			return;
		}
		try {
			const outcome = await forwardUpgrade(found.target, {
				client,
				clientHead,
				path: found.path,
				key: head.headers["sec-websocket-key"]?.[0] ?? "",
				protocols: [socket.protocol, ...(deviceTicket === null ? [] : [`${daemonSocketTokenPrefix}${deviceTicket}`])],
				headers: deviceTicket === null ? callerHeaders(claims, requestId) : daemonUpgradeHeaders(head.headers, requestId),
				requestId,
				upgradeTimeoutMs: limits.upgradeTimeoutMs,
				limits: { idleTimeoutMs: limits.streamIdleTimeoutMs, readerStallMs: limits.readerStallMs },
			});
			if (outcome.state === "unreachable") {
				refuse(found.target.unreachable, outcome.reason);
				return;
			}
			const { state, ...facts } = outcome;
			log({ ...caller, outcome: state, ...facts }, "forwarded");
		} finally {
			leave();
		}
	};
}
