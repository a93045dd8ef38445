import type { FastifyInstance } from "fastify";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import type { OpenapiDocument } from "./openapi-document.ts";
import { type ReferencePage, renderReference } from "./reference-page.ts";

function documentOf(app: FastifyInstance): OpenapiDocument {
	return app.swagger() as unknown as OpenapiDocument;
}

/** `GET /openapi.json`, made from the schemas that check requests, and `GET /docs`, the same for people. */
export const openapiRoutes: FastifyPluginCallbackZod = (app, _options, done) => {
	let page: ReferencePage | undefined;
	app.get("/openapi.json", (_request, reply) => reply.send(documentOf(app)));
	app.get("/docs", (_request, reply) => {
		page ??= renderReference(documentOf(app));
		return reply
			.type("text/html; charset=utf-8")
			.header("content-security-policy", page.contentPolicy)
			.header("cache-control", "no-cache")
			.send(page.html);
	});
	done();
};
