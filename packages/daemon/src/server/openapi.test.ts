import { pino } from "pino";
import { expect, it } from "vitest";
import type { Sessions } from "../sessions/sessions.ts";
import { createServer } from "./create-server.ts";
import { sessionRoutes } from "./routes/session-routes.ts";
import { openReaders } from "./streams/readers.ts";

const sessions = {} as Sessions;

/** Reads Fastify's drawing of its routes: each line goes on with the path of the line that it hangs on. */
function registeredRoutes(drawing: string): string[] {
	const paths: string[] = [];
	const routes: string[] = [];
	for (const line of drawing.split("\n")) {
		const [, indent = "", piece = "", methods = ""] = /^([│├└─ ]*)(\S+)(?: \(([^)]*)\))?$/u.exec(line) ?? [];
		const depth = indent.length / 4;
		const path = `${paths[depth - 1] ?? ""}${piece}`;
		paths[depth] = path;
		for (const method of methods.split(", ").filter((name) => name !== "" && name !== "HEAD")) {
			routes.push(`${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
		}
	}
	return routes;
}

it("describes exactly the routes that are registered", async () => {
	const digest = "0".repeat(64);
	const app = await createServer({
		routes: sessionRoutes(sessions),
		sessions,
		rules: {
			tokenDigest: digest,
			clients: { find: () => ({ clientId: "c", name: "n", origin: null }), knowsOrigin: () => false },
			codes: { isOpen: () => false },
		},
		readers: openReaders(1),
		account: () => null,
		remote: {
			cameByLink: () => false,
			admit: async () => null,
			grants: () => [],
			begin: () => {
				throw new Error("Nobody is elsewhere.");
			},
		},
		build: "0.1.0",
		logger: pino({ level: "silent" }),
	});
	const answer = await app.inject({ url: "/v3/openapi.json", headers: { host: "localhost", authorization: "Bearer any" } });
	const document = answer.json<{ paths: Record<string, Record<string, { parameters: { name: string }[] }>> }>();
	const described = Object.entries(document.paths).flatMap(([path, operations]) =>
		Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
	);
	const registered = registeredRoutes(app.printRoutes({ commonPrefix: false }));
	expect(described.toSorted()).toEqual(registered.toSorted());
	expect(described.length).toBeGreaterThan(15);
	expect(document.paths["/v3/sessions/{sessionId}/events"]?.get?.parameters.map(({ name }) => name)).toEqual([
		"sessionId",
		"after",
		"limit",
	]);
	await app.close();
});
