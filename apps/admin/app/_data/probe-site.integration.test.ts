import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { localAddressing, type SiteAddressing, sitePort } from "@opta/contracts/site-url";
import { afterEach, describe, expect, it } from "vitest";
import { probeSite } from "./probe-site.ts";

const servers: Server[] = [];

/** Serves the admin site's place on a free port. */
async function serve(listener: RequestListener): Promise<SiteAddressing> {
	const server = createServer(listener);
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	return { ...localAddressing, portBase: port - sitePort(0, "admin") };
}

afterEach(() => {
	for (const server of servers.splice(0)) {
		server.closeAllConnections();
		server.close();
	}
});

describe("probeSite", () => {
	it("reads the build of a site that answers, asked by its public name", async () => {
		let host: string | undefined;
		const addressing = await serve(({ headers, url }, response) => {
			host = headers.host;
			response.end(url === "/api/health" ? '{"status":"ok","build":"9.9.9"}' : "{}");
		});
		expect(await probeSite(addressing, "admin", 5_000)).toMatchObject({ state: "up", build: "9.9.9", reason: null });
		expect(host).toMatch(/^admin\.optalocal\.localhost:\d+$/);
	});

	it("says which status a failing site sent", async () => {
		const addressing = await serve((_, response) => response.writeHead(500).end("no"));
		expect(await probeSite(addressing, "admin", 5_000)).toMatchObject({ state: "down", reason: "answered with status 500" });
	});

	it("gives up on a site that never answers", async () => {
		const addressing = await serve(() => undefined);
		expect(await probeSite(addressing, "admin", 100)).toMatchObject({ state: "down", reason: "no answer within 0.1 s", latencyMs: null });
	});

	it("tells a site that is not there from one that is slow", async () => {
		const addressing = await serve(() => undefined);
		await new Promise((resolve) => servers.pop()?.close(resolve));
		expect(await probeSite(addressing, "admin", 5_000)).toMatchObject({ state: "down", reason: "nothing listens there" });
	});
});
