import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import type { Logger } from "pino";
import { v7 as uuid } from "uuid";
import type { LiveSettings } from "../config/live-settings.ts";
import type { EventBus } from "../events/event-bus.ts";
import type { Instruments } from "../instruments.ts";
import { mcpProvider } from "../mcp/mcp-backend.ts";
import { McpServers } from "../mcp/mcp-servers.ts";
import { countRequests } from "../metrics/http-metrics.ts";
import type { OpenJobs } from "../open-jobs.ts";
import type { OpenModels } from "../open-models.ts";
import { acceptEmptyDelete } from "./accept-empty-delete.ts";
import { guardAccess } from "./access/guard-access.ts";
import { limitSockets } from "./access/limit-sockets.ts";
import type { Access } from "./access/open-access.ts";
import { configRoutes } from "./admin-config/config-routes.ts";
import { doctorRoute } from "./admin-doctor/doctor-route.ts";
import { eventsRoute } from "./admin-events/events-route.ts";
import { jobRoutes } from "./admin-jobs/job-routes.ts";
import { logsRoute } from "./admin-logs/logs-route.ts";
import { modelAdminRoutes } from "./admin-models/model-admin-routes.ts";
import { presetsRoutes } from "./admin-presets/presets-routes.ts";
import { skillRoutes } from "./admin-skills/skill-routes.ts";
import { chatRoutes } from "./chat/chat-routes.ts";
import { completionRoutes } from "./completions/completion-routes.ts";
import { embeddingRoutes } from "./embeddings/embedding-routes.ts";
import { infoRoutes } from "./info-routes.ts";
import { registerLanShell } from "./lan-shell.ts";
import { messageRoutes } from "./messages/message-routes.ts";
import { metricsRoute } from "./metrics/metrics-route.ts";
import { modelRoutes } from "./models/model-routes.ts";
import { openapiRoutes } from "./openapi/openapi-routes.ts";
import { registerOpenapi } from "./openapi/register-openapi.ts";
import { rerankRoutes } from "./rerank/rerank-routes.ts";
import { responseRoutes } from "./responses/response-routes.ts";
import { ResponseStore } from "./responses/response-store.ts";
import { handleError } from "./send-error.ts";
import { tokenizationRoutes } from "./tokenization/tokenization-routes.ts";
import { acceptUpgrades } from "./websocket/accept-upgrades.ts";
import { streamRoute } from "./websocket/stream-route.ts";

/** Enough for a context of more than a million tokens. */
const bodyLimitBytes = 8 * 1024 * 1024;
/** A client has this long to send its request. */
const requestTimeoutMs = 60_000;
/** And this long for its head, of at most this size. */
const headersTimeoutMs = 15_000;
const maxHeadBytes = 16 * 1024;

/** What the HTTP server is made of. */
export interface ServerParts {
	readonly models: OpenModels;
	readonly jobs: OpenJobs;
	readonly settings: LiveSettings;
	readonly events: EventBus;
	readonly access: Access;
	readonly instruments: Instruments;
	readonly logger: Logger;
}

function requestIdOf(header: string | string[] | undefined): string {
	return typeof header === "string" && /^[\w.-]{8,64}$/.test(header) ? header : uuid();
}

/** Builds the HTTP server of LMX; it does not listen yet. Logs carry no content of chats. */
export async function createServer({ models, jobs, settings, access, instruments, logger }: ServerParts): Promise<FastifyInstance> {
	const mcpServers = new McpServers({ configured: () => settings.current.mcpServers, logger });
	const provider = mcpProvider(instruments.provider, { servers: mcpServers, logger });
	const app = Fastify({
		loggerInstance: logger as FastifyBaseLogger,
		logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "requestId" }),
		bodyLimit: bodyLimitBytes,
		requestTimeout: requestTimeoutMs,
		http: { headersTimeout: headersTimeoutMs, maxHeaderSize: maxHeadBytes },
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
	});
	acceptEmptyDelete(app);
	await acceptUpgrades(app);
	limitSockets(app.server);
	guardAccess(app, access.rules);
	countRequests(app, instruments.registry);
	app.addHook("onResponse", (request, reply, done) => {
		const { method, routeOptions } = request;
		const level = reply.statusCode >= 500 ? "warn" : "info";
		request.log[level]({ method, route: routeOptions.url ?? null, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, "request");
		done();
	});
	app.addHook("preClose", (done) => {
		instruments.close();
		done();
	});
	app.addHook("onClose", () => mcpServers.close());
	await registerOpenapi(app);
	const warnings = (): string[] => [...access.warnings(), ...(settings.problem === null ? [] : [settings.problem])];
	const state = { ...models, warnings };
	app.register(openapiRoutes);
	app.register(infoRoutes(state));
	app.register(modelRoutes(models));
	app.register(modelAdminRoutes({ ...models, usualOptions: (id) => settings.current.loadOptions(id) }));
	app.register(configRoutes(settings));
	app.register(doctorRoute({ state, settings, access }));
	app.register(eventsRoute(instruments));
	app.register(logsRoute(instruments));
	app.register(jobRoutes(jobs));
	app.register(skillRoutes(models.skills));
	app.register(presetsRoutes({ ...models, store: models.presets }));
	app.register(metricsRoute(instruments.registry));
	app.register(chatRoutes({ models: provider }));
	app.register(completionRoutes(provider));
	app.register(embeddingRoutes(provider));
	app.register(rerankRoutes(provider));
	app.register(tokenizationRoutes(provider));
	app.register(streamRoute(provider));
	app.register(messageRoutes(provider));
	app.register(responseRoutes({ models: provider, store: new ResponseStore(() => settings.current.keptResponses) }));
	await registerLanShell(app, settings.current.webDir);
	return app;
}
