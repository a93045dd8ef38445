import fastifyWebsocket from "@fastify/websocket";
import { daemonSocketProtocol } from "@opta/contracts/daemon-protocol";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from "fastify";
import type { Logger } from "pino";
import { v7 as uuid } from "uuid";
import { z } from "zod";
import type { Sessions } from "../sessions/sessions.ts";
import type { AccountOfDevice } from "./access/admit-remote.ts";
import { guardRequests } from "./access/guard-requests.ts";
import type { AccessRules } from "./access/judge-request.ts";
import type { RemoteAccess } from "./access/remote-access.ts";
import { describeRoutes, openapiPath } from "./openapi.ts";
import { jsonRoute, type Route, rawRoute } from "./route.ts";
import { handleError, sendFailure } from "./send-failure.ts";
import { serveRoute } from "./serve-route.ts";
import type { Readers } from "./streams/readers.ts";
import { defaultSocketLimits, serveSocket } from "./streams/socket-session.ts";

const bodyLimitBytes = 8 * 1024 * 1024;
const socketFrameLimitBytes = 64 * 1024;
/** A client has this long to send its request, and this long for its head, of at most this size. */
const requestTimeoutMs = 60_000;
const headersTimeoutMs = 15_000;
const maxHeadBytes = 16 * 1024;

/** What the HTTP server is made of. */
export interface ServerParts {
	readonly routes: readonly Route[];
	readonly sessions: Sessions;
	readonly rules: AccessRules;
	readonly readers: Readers;
	readonly account: AccountOfDevice;
	readonly remote: RemoteAccess;
	readonly build: string;
	readonly logger: Logger;
}

const socketPath = "/v3/ws";

function socketRoute(): Route {
	return rawRoute({
		access: "client",
		remote: "see",
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
		remote: "see",
		method: "GET",
		path: openapiPath,
		summary: "This description",
		answer: z.record(z.string(), z.unknown()),
		handle: () => ({ ok: true, value: describeRoutes(table) }),
	});
	table.push(description);
	return table;
}

function refuseSchema(): never {
	throw new Error("Routes of the daemon have schemas of their own, none of Fastify's.");
}

/** Builds the daemon's HTTP server; it does not listen yet. Its log has no contents of sessions. */
export async function createServer({
	routes,
	sessions,
	rules,
	readers,
	account,
	remote,
	build,
	logger,
}: ServerParts): Promise<FastifyInstance> {
	const app = Fastify({
		loggerInstance: logger as FastifyBaseLogger,
		logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "requestId" }),
		bodyLimit: bodyLimitBytes,
		requestTimeout: requestTimeoutMs,
		http: { headersTimeout: headersTimeoutMs, maxHeaderSize: maxHeadBytes },
		forceCloseConnections: true,
		// Requests are checked by the routes' own schemas: without these two Fastify loads its compilers for others (10 MB).
		schemaController: { compilersFactory: { buildValidator: refuseSchema, buildSerializer: refuseSchema } },
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
	guardRequests(app, { rules, account, remote });
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
			config: {
				access: route.access,
				remote: route.remote,
				follows: route.answer.kind === "events" || route.answer.kind === "socket",
			},
			...(route.maxBodyBytes === undefined ? {} : { bodyLimit: route.maxBodyBytes }),
			handler: (request, reply) => serveRoute(route, request, reply),
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
							request.caller.remote?.ended.addEventListener("abort", () => socket.close(1001, "Connect again."), { once: true });
							serveSocket(socket, { sessions, caller: request.caller, build, limits: defaultSocketLimits, onClose: leave });
						},
					}
				: {}),
		});
	}
	return app;
}
