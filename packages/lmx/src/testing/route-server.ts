import type { AddressInfo } from "node:net";
import Fastify, { type FastifyInstance } from "fastify";
import {
	type FastifyPluginAsyncZod,
	type FastifyPluginCallbackZod,
	serializerCompiler,
	validatorCompiler,
} from "fastify-type-provider-zod";
import { handleError } from "../server/send-error.ts";

/** Some routes on a real port, for tests. */
export interface RouteServer {
	readonly url: string;
	readonly app: FastifyInstance;
	/** Sends JSON; without a body it gets. */
	ask(path: string, body?: unknown, init?: RequestInit): Promise<Response>;
	close(): Promise<void>;
}

/** Starts a server that has the routes of the plugins and nothing else. */
export async function startRouteServer(...plugins: readonly (FastifyPluginCallbackZod | FastifyPluginAsyncZod)[]): Promise<RouteServer> {
	const app = Fastify({ forceCloseConnections: true });
	app.setValidatorCompiler(validatorCompiler);
	app.setSerializerCompiler(serializerCompiler);
	app.setErrorHandler(handleError);
	for (const plugin of plugins) {
		app.register(plugin);
	}
	await app.listen({ port: 0, host: "127.0.0.1" });
	const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
	const post = (body: unknown): RequestInit => ({
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify(body),
	});
	return {
		url,
		app,
		ask: (path, body, init = {}) => fetch(`${url}${path}`, { ...(body === undefined ? {} : post(body)), ...init }),
		close: () => app.close(),
	};
}
