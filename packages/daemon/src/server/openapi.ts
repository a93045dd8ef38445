import { build } from "@opta/contracts/build";
import { errorBodySchema } from "@opta/contracts/schema/error";
import { z } from "zod";
import type { Route, RouteAnswer } from "./route.ts";

/** Where the description of the interface is. */
export const openapiPath = "/v3/openapi.json";

type JsonObject = Record<string, unknown>;

function schemaOf(schema: z.ZodType, io: "input" | "output"): JsonObject {
	const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, target: "draft-2020-12", unrepresentable: "any" });
	return rest;
}

function responseOf(answer: RouteAnswer): JsonObject {
	switch (answer.kind) {
		case "json":
			return { [answer.status]: { description: "Done", content: { "application/json": { schema: schemaOf(answer.schema, "output") } } } };
		case "text":
			return { 200: { description: "Done", content: { [answer.type.split(";")[0] ?? "text/plain"]: { schema: { type: "string" } } } } };
		case "events":
			return { 200: { description: "Events", content: { "text/event-stream": { schema: schemaOf(answer.schema, "output") } } } };
		case "socket":
			return { 101: { description: "A WebSocket" } };
	}
}

function parametersOf(route: Route): JsonObject[] {
	const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: "path", required: true, schema: { type: "string" } }));
	const query = route.query === undefined ? {} : schemaOf(route.query, "input");
	const required = new Set((query.required as string[] | undefined) ?? []);
	const inQuery = Object.entries((query.properties as JsonObject | undefined) ?? {}).map(([name, schema]) => ({
		name,
		in: "query",
		required: required.has(name),
		schema,
	}));
	return [...inPath, ...inQuery];
}

function operationOf(route: Route): JsonObject {
	return {
		summary: route.summary,
		parameters: parametersOf(route),
		...(route.body === undefined ? {} : { requestBody: { content: { "application/json": { schema: schemaOf(route.body, "input") } } } }),
		responses: {
			...responseOf(route.answer),
			default: { description: "What went wrong", content: { "application/json": { schema: schemaOf(errorBodySchema, "output") } } },
		},
		security: route.access === "open" ? [] : [{ token: [] }],
	};
}

/** The description (OpenAPI 3.1) of a table of routes. */
export function describeRoutes(routes: readonly Route[]): JsonObject {
	const paths: Record<string, JsonObject> = {};
	for (const route of routes) {
		const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
		paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
	}
	return {
		openapi: "3.1.0",
		info: { title: "Opta daemon", version: build, description: "Sessions of an agent that many clients follow at once." },
		paths,
		components: {
			securitySchemes: {
				token: {
					type: "http",
					scheme: "bearer",
					description: "Of daemon/state.json, or of a paired client. On a WebSocket: the sub-protocol opta.token.<token>.",
				},
			},
		},
	};
}
