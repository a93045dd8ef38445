import swagger from "@fastify/swagger";
import { build } from "@opta/contracts/build";
import type { FastifyInstance, FastifySchema } from "fastify";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import { z } from "zod";

declare module "fastify" {
	interface FastifySchema {
		/** The events that the route sends instead, where the request asks for a stream. */
		stream?: z.ZodType;
	}
}

const priorityHeader = {
	type: "object",
	properties: {
		"x-opta-priority": {
			type: "string",
			enum: ["low", "normal", "high"],
			description: "Waiting requests of a higher priority come first. normal where none is sent.",
		},
	},
};

/** Tags in the order in which they are shown. */
const tags = [
	{ name: "Chat", description: "Conversations in the shape of the OpenAI API" },
	{ name: "Responses", description: "Conversations in the shape of OpenAI's Responses API" },
	{ name: "Messages", description: "Conversations in the shape of the Anthropic API" },
	{ name: "Text", description: "Going on with a text" },
	{ name: "Vectors", description: "Embeddings and ranking" },
	{ name: "Tokens", description: "What the model reads" },
	{ name: "Models", description: "What this host can run" },
	{ name: "Health", description: "For supervisors and monitoring" },
	{ name: "Admin", description: "Models, jobs, presets and logs of this host" },
] as const;

/** Tags of the routes that compute. */
const computing: ReadonlySet<string> = new Set(["Chat", "Responses", "Messages", "Text", "Vectors", "Tokens"]);

/** The tag of a route that names none. */
function tagOf(url: string): string {
	if (url.startsWith("/admin")) {
		return "Admin";
	}
	return url.startsWith("/v1/chat") ? "Chat" : "Health";
}

type Transform = typeof jsonSchemaTransform;

/** Pages and files are no part of the API. */
function isPage(url: string): boolean {
	return url === "/" || url === "/docs" || url === "/openapi.json" || (url.includes("*") && !url.startsWith("/v1/"));
}

/** A parameter that takes the rest of a path is called `id`. */
function nameWildcard({ schema, url }: ReturnType<Transform>): ReturnType<Transform> {
	const params = { type: "object", properties: { id: { type: "string" } }, required: ["id"] };
	return url.endsWith("/*") ? { schema: { ...schema, params }, url: url.replace("*", ":id") } : { schema, url };
}

/** zod to JSON schema by fastify-type-provider-zod; adds what all routes have in common, and the events of streams. */
function transform(input: Parameters<Transform>[0]): ReturnType<Transform> {
	const { stream, ...own }: FastifySchema = input.schema ?? {};
	const tag = own.tags?.[0] ?? tagOf(input.url);
	const schema = { ...own, tags: [tag], hide: own.hide === true || isPage(input.url) };
	const result = nameWildcard(jsonSchemaTransform({ ...input, schema }));
	const response = result.schema.response as Record<string, unknown> | undefined;
	if (stream !== undefined && response !== undefined) {
		const { $schema: _, ...events } = z.toJSONSchema(stream, { io: "output", target: "draft-2020-12" });
		response["200"] = {
			description: "The whole answer, or the events of a stream where the request asks for it.",
			content: { "application/json": { schema: response["200"] }, "text/event-stream": { schema: events } },
		};
	}
	return computing.has(tag) ? { ...result, schema: { ...result.schema, headers: priorityHeader } } : result;
}

/** Collects the routes that are registered after it. */
export async function registerOpenapi(app: FastifyInstance): Promise<void> {
	await app.register(swagger, {
		openapi: {
			openapi: "3.1.0",
			info: {
				title: "Opta LMX",
				version: build,
				description: "Inference server of this host. Unknown parameters are refused by name, and prompts are never cut off.",
			},
			tags: [...tags],
			components: {
				securitySchemes: {
					key: {
						type: "http",
						scheme: "bearer",
						description: "Needed from other machines where keys are configured; the admin key for /admin.",
					},
				},
			},
			security: [{}, { key: [] }],
		},
		transform,
	});
}
