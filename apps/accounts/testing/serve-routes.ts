import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";

/** A route as Next.js would call it. */
export type Route = (request: Request) => Promise<Response>;

/** Serves routes by `METHOD /path` on 127.0.0.1, as the site does; resolves with what ends it. */
export async function serveRoutes(port: number, routes: Readonly<Record<string, Route>>): Promise<() => Promise<void>> {
	const server = createServer(async (incoming, outgoing) => {
		const [path = "/"] = (incoming.url ?? "/").split("?");
		const route = routes[`${incoming.method} ${path}`];
		if (route === undefined) {
			outgoing.writeHead(404).end();
			return;
		}
		const headers = new Headers();
		for (const [name, value] of Object.entries(incoming.headers)) {
			headers.set(name, String(value));
		}
		const body = await buffer(incoming);
		const withBody = body.length > 0 ? { body: new Uint8Array(body) } : {};
		const response = await route(
			new Request(`http://${incoming.headers.host}${incoming.url}`, { method: incoming.method ?? "GET", headers, ...withBody }),
		);
		outgoing.writeHead(response.status, [...response.headers].flat());
		outgoing.end(Buffer.from(await response.arrayBuffer()));
	});
	await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
	return () =>
		new Promise((resolve) => {
			server.closeAllConnections();
			server.close(() => resolve());
		});
}
