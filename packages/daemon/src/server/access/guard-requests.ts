import { daemonHeaders } from "@opta/contracts/daemon-protocol";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Caller } from "../../sessions/caller.ts";
import { pairPath } from "../routes/client-routes.ts";
import { sendFailure } from "../send-failure.ts";
import { type AccessRules, isKnownOrigin, judgeRequest, type RouteAccess } from "./judge-request.ts";
import { isOwnHost } from "./request-origin.ts";
import { tokenOf } from "./request-token.ts";

declare module "fastify" {
	interface FastifyContextConfig {
		/** Routes without it need a client's token, so that nobody learns which there are. */
		access?: RouteAccess;
	}
	interface FastifyRequest {
		caller: Caller | null;
	}
}

/** A browser's WebSocket cannot have headers: there the client names itself in the address, which is no secret. */
function nameOf(request: FastifyRequest, header: string, parameter: string, pattern: RegExp): string | null {
	const query = request.query as Readonly<Record<string, unknown>>;
	const value = textHeader(request.headers[header]) ?? (request.ws ? query[parameter] : null);
	return typeof value === "string" && pattern.test(value) ? value : null;
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

function textHeader(value: string | string[] | undefined): string | null {
	return typeof value === "string" ? value : null;
}

/** Account and device of this computer, where somebody is signed in. */
export type AccountOfDevice = () => { readonly userId: string; readonly deviceId: string } | null;

/** Lets nobody past who may not, before anything else of a request is read; routes get to know who asks. */
export function guardRequests(app: FastifyInstance, rules: AccessRules, account: AccountOfDevice): void {
	app.decorateRequest("caller", null);
	app.addHook("onRequest", async (request, reply) => {
		reply.header("x-request-id", request.id);
		reply.header("x-content-type-options", "nosniff");
		reply.header("cache-control", "no-store");
		if (request.method === "OPTIONS") {
			return answerPreflight(request, reply, rules);
		}
		const { host, origin } = request.headers;
		const judged = judgeRequest(
			{
				host,
				origin,
				token: tokenOf(request.headers, request.ws),
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
		request.caller = {
			clientId: paired?.clientId ?? nameOf(request, daemonHeaders.clientId, "clientId", /^[\w.-]{1,64}$/) ?? "unknown",
			clientName: paired?.name ?? nameOf(request, daemonHeaders.clientName, "clientName", /^[\p{L}\p{N} ._-]{1,40}$/u) ?? "program",
			userId: signedIn?.userId ?? null,
			deviceId: signedIn?.deviceId ?? null,
			ownsDevice: true,
		};
	});
}
