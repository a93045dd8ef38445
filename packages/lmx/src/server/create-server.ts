import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import type { Logger } from "pino";
import { v7 as uuid } from "uuid";
import type { LiveSettings } from "../config/live-settings.ts";
import type { EventBus } from "../events/event-bus.ts";
import type { OpenModels } from "../open-models.ts";
import { isOwnHost, isOwnOrigin } from "./access/host-guard.ts";
import { chatRoutes } from "./chat/chat-routes.ts";
import { completionRoutes } from "./completions/completion-routes.ts";
import { embeddingRoutes } from "./embeddings/embedding-routes.ts";
import { infoRoutes } from "./info-routes.ts";
import { registerLanShell } from "./lan-shell.ts";
import { rerankRoutes } from "./rerank/rerank-routes.ts";
import { handleError, sendError } from "./send-error.ts";
import { tokenizationRoutes } from "./tokenization/tokenization-routes.ts";
import { streamRoute } from "./websocket/stream-route.ts";

/** Enough for a context of more than a million tokens. */
const bodyLimitBytes = 8 * 1024 * 1024;
/** A client has this long to send its request. */
const requestTimeoutMs = 60_000;

/** What the HTTP server is made of. */
export interface ServerParts {
	readonly models: OpenModels;
	readonly settings: LiveSettings;
	readonly events: EventBus;
	readonly logger: Logger;
}

function requestIdOf(header: string | string[] | undefined): string {
	return typeof header === "string" && /^[\w.-]{8,64}$/.test(header) ? header : uuid();
}

/** Builds the HTTP server of LMX; it does not listen yet. Logs carry no content of chats. */
export async function createServer({ models, settings, logger }: ServerParts): Promise<FastifyInstance> {
	const { provider } = models;
	const app = Fastify({
		loggerInstance: logger as FastifyBaseLogger,
		logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "requestId" }),
		bodyLimit: bodyLimitBytes,
		requestTimeout: requestTimeoutMs,
		forceCloseConnections: true,
		genReqId: (request) => requestIdOf(request.headers["x-request-id"]),
	});
	app.setValidatorCompiler(validatorCompiler);
	app.setSerializerCompiler(serializerCompiler);
	app.setErrorHandler(handleError);
	app.addHook("onRequest", async (request, reply) => {
		reply.header("x-request-id", request.id);
		reply.header("x-content-type-options", "nosniff");
		reply.header("referrer-policy", "no-referrer");
		const { host, origin } = request.headers;
		if (!isOwnHost(host, settings.current.allowedHosts) || !isOwnOrigin({ host, origin })) {
			const message = "LMX answers only to its own address and its own pages. Names can be added with --allowed-hosts.";
			return sendError(reply, { code: "foreign_origin", message });
		}
	});
	app.addHook("onResponse", (request, reply, done) => {
		const { method, routeOptions } = request;
		const level = reply.statusCode >= 500 ? "warn" : "info";
		request.log[level]({ method, route: routeOptions.url ?? null, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, "request");
		done();
	});
	app.register(infoRoutes(models));
	app.register(chatRoutes({ models: provider }));
	app.register(completionRoutes(provider));
	app.register(embeddingRoutes(provider));
	app.register(rerankRoutes(provider));
	app.register(tokenizationRoutes(provider));
	app.register(streamRoute(provider));
	await registerLanShell(app, settings.current.webDir);
	return app;
}
