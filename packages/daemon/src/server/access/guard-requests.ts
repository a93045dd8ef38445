import { daemonHeaders } from "@opta/contracts/daemon-protocol";
import { isSignedToken } from "@opta/contracts/pass";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Caller } from "../../sessions/caller.ts";
import type { RemoteClass } from "../route.ts";
import { pairPath } from "../routes/client-routes.ts";
import { sendFailure } from "../send-failure.ts";
import { type AccountOfDevice, admitRemote } from "./admit-remote.ts";
import { nameClient } from "./client-name.ts";
import { type AccessRules, isKnownOrigin, judgeRequest, type RouteAccess } from "./judge-request.ts";
import { readProvenBody } from "./read-proven-body.ts";
import type { RemoteAccess } from "./remote-access.ts";
import { isOwnHost } from "./request-origin.ts";
import { tokenOf } from "./request-token.ts";

declare module "fastify" {
	interface FastifyContextConfig {
		/** Routes without it need a client's token, so that nobody learns which there are. */
		access?: RouteAccess;
		/** Routes without it are for this computer alone. */
		remote?: RemoteClass;
		/** The answer is a stream or a socket. */
		follows?: boolean;
	}
	interface FastifyRequest {
		caller: Caller | null;
		/** True for the body that its sender proved; null where nobody has to. */
		isProvenBody: ((body: Uint8Array) => boolean) | null;
	}
}

function allowOrigin(reply: FastifyReply, origin: string): void {
	reply.header("access-control-allow-origin", origin);
	reply.header("vary", "Origin");
	reply.header("access-control-expose-headers", "retry-after, x-request-id");
}

function answerPreflight(request: FastifyRequest, reply: FastifyReply, rules: AccessRules): FastifyReply {
	const { origin, host } = request.headers;
	const path = request.raw.url?.split("?")[0];
	if (origin === undefined || !isOwnHost(host) || !isKnownOrigin({ origin, isPairing: path === pairPath }, rules)) {
		return sendFailure(reply, { code: "foreign_origin", message: "This page was not paired with the daemon." });
	}
	allowOrigin(reply, origin);
	reply.header("access-control-allow-methods", "GET, POST, PATCH, DELETE");
	reply.header("access-control-allow-headers", `authorization, content-type, last-event-id, ${Object.values(daemonHeaders).join(", ")}`);
	reply.header("access-control-allow-private-network", "true");
	reply.header("access-control-max-age", "600");
	return reply.code(204).send();
}

/** What the guard goes by. */
export interface GuardParts {
	readonly rules: AccessRules;
	readonly account: AccountOfDevice;
	readonly remote: RemoteAccess;
}

/** Lets nobody past who may not, before anything else of a request is read; routes get to know who asks. */
export function guardRequests(app: FastifyInstance, { rules, account, remote }: GuardParts): void {
	app.decorateRequest("caller", null);
	app.decorateRequest("isProvenBody", null);
	app.addHook("preParsing", readProvenBody);
	const letIn = async (request: FastifyRequest, reply: FastifyReply, token: string | null): Promise<FastifyReply | undefined> => {
		const admitted = await admitRemote(request, reply, token, { remote, account });
		if (!admitted.ok) {
			return sendFailure(reply, admitted.error);
		}
		request.caller = admitted.value.caller;
		request.isProvenBody = admitted.value.isProvenBody;
		return undefined;
	};
	app.addHook("onRequest", async (request, reply) => {
		reply.header("x-request-id", request.id);
		reply.header("x-content-type-options", "nosniff");
		reply.header("cache-control", "no-store");
		const token = tokenOf(request.headers, request.ws);
		if (remote.cameByLink(request.raw.socket)) {
			return letIn(request, reply, token);
		}
		if (request.method === "OPTIONS") {
			return answerPreflight(request, reply, rules);
		}
		const { host, origin } = request.headers;
		// The door of a host on this computer forwards over loopback; the pass is what it brings, and no token of this computer has its form.
		if (token !== null && isSignedToken(token) && isOwnHost(host) && (origin === undefined || request.ws)) {
			return letIn(request, reply, token);
		}
		const judged = judgeRequest(
			{
				host,
				origin,
				token,
				access: request.routeOptions.config.access ?? "client",
				isPairing: request.routeOptions.url === pairPath,
			},
			rules,
		);
		if (!judged.ok) {
			return sendFailure(reply, judged.error);
		}
		if (origin !== undefined) {
			allowOrigin(reply, origin);
		}
		const paired = typeof judged.holder === "string" ? null : judged.holder;
		const signedIn = account();
		const named = nameClient(request);
		request.caller = {
			clientId: paired?.clientId ?? named.clientId ?? "unknown",
			clientName: paired?.name ?? named.clientName ?? "program",
			userId: signedIn?.userId ?? null,
			deviceId: signedIn?.deviceId ?? null,
			ownsDevice: true,
		};
	});
}
