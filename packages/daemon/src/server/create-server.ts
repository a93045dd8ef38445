import fastifyWebsocket from "@fastify/websocket";
import { daemonHeaders, daemonSocketProtocol } from "@opta/contracts/daemon-protocol";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from "fastify";
import type { Logger } from "pino";
import { v7 as uuid } from "uuid";
import { z } from "zod";
import type { Caller } from "../sessions/caller.ts";
import type { Sessions } from "../sessions/sessions.ts";
import { type AccessRules, isKnownOrigin, judgeRequest, type RouteAccess } from "./access/judge-request.ts";
import { isOwnHost } from "./access/request-origin.ts";
import { tokenOf } from "./access/request-token.ts";
import { describeRoutes, openapiPath } from "./openapi.ts";
import { jsonRoute, type Route, rawRoute } from "./route.ts";
import { pairPath } from "./routes/client-routes.ts";
import { describeIssue, handleError, sendFailure } from "./send-failure.ts";
import type { Readers } from "./streams/readers.ts";
import { defaultSocketLimits, serveSocket } from "./streams/socket-session.ts";

const bodyLimitBytes = 8 * 1024 * 1024;
const socketFrameLimitBytes = 64 * 1024;
/** A client has this long to send its request, and this long for its head, of at most this size. */
const requestTimeoutMs = 60_000;
const headersTimeoutMs = 15_000;
const maxHeadBytes = 16 * 1024;

declare module "fastify" {
	interface FastifyContextConfig {
		/** Routes without it need a client's token, so that nobody learns which there are. */
		access?: RouteAccess;
	}
	interface FastifyRequest {
		caller: Caller | null;
	}
}

/** What the HTTP server is made of. */
export interface ServerParts {
	readonly routes: readonly Route[];
	readonly sessions: Sessions;
	readonly rules: AccessRules;
	readonly readers: Readers;
	/** Account and device of this computer, where somebody is signed in. */
	readonly account: () => { readonly userId: string; readonly deviceId: string } | null;
	readonly build: string;
	readonly logger: Logger;
}

const socketPath = "/v3/ws";

function textHeader(request: FastifyRequest, name: string): string | null {
	const value = request.headers[name];
	return typeof value === "string" ? value : null;
}

/** A browser's WebSocket cannot have headers: there the client names itself in the address, which is no secret. */
function nameOf(request: FastifyRequest, header: string, parameter: string, pattern: RegExp): string | null {
	const query = request.query as Readonly<Record<string, unknown>>;
	const value = textHeader(request, header) ?? (request.ws ? query[parameter] : null);
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

/** Aborted when the connection of a request is gone before its answer is complete. */
function goneSignal(reply: FastifyReply): AbortSignal {
	const gone = new AbortController();
	reply.raw.once("close", () => gone.abort());
	return gone.signal;
}

async function serve(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
	const body = route.body?.safeParse(request.body ?? undefined);
	const query = route.query?.safeParse(request.query);
	for (const checked of [body, query]) {
		if (checked?.success === false) {
			return sendFailure(reply, describeIssue(checked.error));
		}
	}
	if (request.caller === null) {
		throw new Error("A route was reached past the guard.");
	}
	const outcome = await route.handle(
		{
			params: request.params as Record<string, string>,
			body: body?.data,
			query: query?.data,
			caller: request.caller,
			header: (name) => textHeader(request, name),
			gone: goneSignal(reply),
		},
		request,
		reply,
	);
	if (outcome === "sent") {
		return reply;
	}
	if (!outcome.ok) {
		return sendFailure(reply, outcome.error);
	}
	if (route.answer.kind === "text") {
		return reply.type(route.answer.type).send(outcome.value);
	}
	const status = route.answer.kind === "json" ? route.answer.status : 200;
	return reply.code(status).type("application/json; charset=utf-8").send(JSON.stringify(outcome.value));
}

function guard(app: FastifyInstance, rules: AccessRules, account: ServerParts["account"]): void {
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

function socketRoute(): Route {
	return rawRoute({
		access: "client",
		method: "GET",
		path: socketPath,
		summary: `Follow several sessions on one WebSocket (sub-protocol ${daemonSocketProtocol}, and the token as another)`,
		answer: { kind: "socket" },
		handle: async () => ({
			ok: false,
			error: { code: "invalid_request", message: "This route is a WebSocket. Connect with ws:// instead of http://." },
		}),
	});
}

/** Every route of the daemon, its own description included. */
function wholeTable(routes: readonly Route[]): readonly Route[] {
	const table: Route[] = [...routes, socketRoute()];
	const description = jsonRoute({
		access: "client",
		method: "GET",
		path: openapiPath,
		summary: "This description",
		answer: z.record(z.string(), z.unknown()),
		handle: () => ({ ok: true, value: describeRoutes(table) }),
	});
	table.push(description);
	return table;
}

/** Builds the daemon's HTTP server; it does not listen yet. Its log has no contents of sessions. */
export async function createServer({ routes, sessions, rules, readers, account, build, logger }: ServerParts): Promise<FastifyInstance> {
	const app = Fastify({
		loggerInstance: logger as FastifyBaseLogger,
		logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "requestId" }),
		bodyLimit: bodyLimitBytes,
		requestTimeout: requestTimeoutMs,
		http: { headersTimeout: headersTimeoutMs, maxHeaderSize: maxHeadBytes },
		forceCloseConnections: true,
		genReqId: (request) => {
			const given = request.headers["x-request-id"];
			return typeof given === "string" && /^[\w.-]{8,64}$/.test(given) ? given : uuid();
		},
	});
	app.setErrorHandler(handleError);
	app.removeContentTypeParser("application/json");
	app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, text, next) => {
		if (text === "") {
			next(null, undefined);
			return;
		}
		try {
			next(null, JSON.parse(String(text)));
		} catch {
			next(Object.assign(new Error("The body is no JSON."), { code: "FST_ERR_CTP_INVALID_JSON_BODY", statusCode: 400 }), undefined);
		}
	});
	await app.register(fastifyWebsocket, {
		options: {
			maxPayload: socketFrameLimitBytes,
			// The token that is offered beside it is never chosen.
			handleProtocols: (offered: Set<string>) => (offered.has(daemonSocketProtocol) ? daemonSocketProtocol : false),
		},
	});
	guard(app, rules, account);
	app.addHook("onResponse", (request, reply, next) => {
		const { method, routeOptions } = request;
		const level = reply.statusCode >= 500 ? "warn" : "debug";
		request.log[level]({ method, route: routeOptions.url ?? null, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, "request");
		next();
	});
	app.addHook("preClose", (next) => {
		readers.endAll();
		next();
	});
	app.setNotFoundHandler((_request, reply) =>
		sendFailure(reply, { code: "not_found", message: "There is no such route. GET /v3/openapi.json lists them." }),
	);
	for (const route of wholeTable(routes)) {
		app.route({
			method: route.method,
			url: route.path,
			config: { access: route.access },
			...(route.maxBodyBytes === undefined ? {} : { bodyLimit: route.maxBodyBytes }),
			handler: (request, reply) => serve(route, request, reply),
			...(route.answer.kind === "socket"
				? {
						preHandler: async (request: FastifyRequest, reply: FastifyReply) => {
							if (request.ws && readers.used() >= readers.limit) {
								const message = `${readers.limit} clients already follow this daemon, as many as it serves. Close one, or try again later.`;
								return sendFailure(reply, { code: "unavailable", message });
							}
						},
						wsHandler: (socket, request) => {
							const leave = readers.enter(() => socket.close(1001, "The daemon stops."));
							if (leave === null || request.caller === null) {
								socket.close(1013, "Too many clients.");
								return;
							}
							serveSocket(socket, { sessions, caller: request.caller, build, limits: defaultSocketLimits, onClose: leave });
						},
					}
				: {}),
		});
	}
	return app;
}
