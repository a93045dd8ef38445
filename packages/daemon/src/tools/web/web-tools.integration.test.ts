import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createEgress } from "../../egress/create-egress.ts";
import type { Egress } from "../../egress/egress.ts";
import { openToolHarness, type ToolHarness } from "../testing/tool-harness.ts";
import { isNamedOrigin } from "./origin-rules.ts";
import { webTools } from "./web-tools.ts";

let harness: ToolHarness;
let server: Server;
let origin: string;
let egress: Egress;
let allowedOrigins: string[];
let answer: RequestListener;
let requests: string[];

const fetchTool = () => webTools(egress).tools[0]!;
const html =
	(text: string): RequestListener =>
	(_, response) =>
		response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(text);

beforeEach(async () => {
	harness = await openToolHarness();
	requests = [];
	server = createServer((request, response) => {
		requests.push(request.url ?? "");
		answer(request, response);
	}).listen(0, "127.0.0.1");
	await once(server, "listening");
	origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	allowedOrigins = [origin];
	egress = createEgress({
		localOnly: () => false,
		lmxAddress: () => null,
		mayFetchPrivately: (asked) => isNamedOrigin({ allowedOrigins, deniedOrigins: [] }, asked),
	});
});

afterEach(async () => {
	await egress.close();
	server.closeAllConnections();
	server.close();
	await harness.close();
});

test("a page comes as Markdown, with absolute links and without scripts", async () => {
	const words = "Plain words that say enough to be the article of this page. ".repeat(8);
	answer = html(
		`<html><head><title>Hello</title><script>evil()</script></head><body><nav>menu</nav><article><h2>Part</h2><p>${words}<a href="/more">more</a> <a href="javascript:alert(1)">bad</a></p></article></body></html>`,
	);
	const outcome = await harness.run(fetchTool(), { url: `${origin}/page#part` });
	expect(outcome.ok).toBe(true);
	expect(outcome.output).toMatch(/^# Hello\n\n## Part\n/);
	expect(outcome.output).toContain(`[more](${origin}/more)`);
	expect(outcome.output).not.toMatch(/evil|javascript:|menu/);
	expect(requests).toEqual(["/page"]);
	expect((await harness.run(fetchTool(), { url: `${origin}/page`, raw: true })).output).toContain("<script>");
});

test("long pages are read in parts, and an error page is told as one", async () => {
	answer = (_, response) => response.writeHead(200, { "content-type": "text/plain" }).end(`${"a".repeat(3000)}END`);
	const first = await harness.run(fetchTool(), { url: origin }, { maxOutputBytes: 2000 });
	expect(first).toMatchObject({ ok: true, truncated: true });
	const offset = Number(/offset (\d+)\./.exec(first.output)?.[1]);
	const second = await harness.run(fetchTool(), { url: origin, offset: offset + 1000 }, { maxOutputBytes: 2000 });
	expect(second.output).toContain("END");
	answer = (_, response) => response.writeHead(404, { "content-type": "text/plain" }).end("gone");
	expect(await harness.run(fetchTool(), { url: origin })).toMatchObject({
		ok: false,
		output: "gone\n\n[The server answered with status 404.]",
	});
});

test("redirects are followed on the same server only, and not for ever", async () => {
	answer = (request, response) =>
		request.url === "/a"
			? response.writeHead(302, { location: "/b" }).end()
			: response.writeHead(200, { "content-type": "text/plain" }).end("b");
	expect((await harness.run(fetchTool(), { url: `${origin}/a` })).output).toBe(`b\n\n[From ${origin}/b.]`);
	answer = (_, response) => response.writeHead(302, { location: "http://169.254.169.254/latest" }).end();
	const away = await harness.run(fetchTool(), { url: origin });
	expect(away.ok).toBe(false);
	expect(away.output).toContain("http://169.254.169.254/latest");
	answer = (_, response) => response.writeHead(302, { location: "/loop" }).end();
	expect((await harness.run(fetchTool(), { url: origin })).output).toContain("more than 5 times");
});

test("this computer's own network is refused, with what the user can do, and nothing is sent", async () => {
	allowedOrigins = [];
	const refused = await harness.run(fetchTool(), { url: origin });
	expect(refused.ok).toBe(false);
	expect(refused.output).toContain("tools.allowedOrigins");
	expect(requests).toEqual([]);
});

test("pictures and archives are refused by their type, a bomb and an endless page are cut", async () => {
	answer = (_, response) => response.writeHead(200, { "content-type": "image/png" }).end("x");
	expect((await harness.run(fetchTool(), { url: origin })).output).toContain("image/png, not text");
	answer = (_, response) =>
		response
			.writeHead(200, { "content-type": "text/plain", "content-encoding": "gzip" })
			.end(gzipSync(Buffer.alloc(64 * 1024 * 1024, "a")));
	const bomb = await harness.run(fetchTool(), { url: origin, offset: 5_242_000 });
	expect(bomb.output).toContain("of 5242880");
	expect(bomb.output).toContain("longer than what is fetched");
});

test("a fetch that hangs ends with the cancel", async () => {
	answer = () => undefined;
	const controller = new AbortController();
	const asked = once(server, "request");
	const running = harness.run(fetchTool(), { url: origin }, { signal: controller.signal });
	await asked;
	controller.abort();
	await expect(running).rejects.toThrow("abort");
});

test("what is no address of the web is told before anybody is asked", async () => {
	for (const url of ["file:///etc/passwd", "ftp://example.org", "nothing", "http://user:secret@example.org/"]) {
		await expect(harness.access(fetchTool(), { url }), url).rejects.toThrow();
	}
	expect(await harness.access(fetchTool(), { url: "https://example.org/a?b=1#c" })).toEqual({
		title: "Fetch example.org/a",
		detail: "https://example.org/a?b=1",
		subjects: ["https://example.org"],
		alwaysPatterns: ["https://example.org"],
	});
});

test("other encodings are read as the server or the page says", async () => {
	answer = (_, response) =>
		response.writeHead(200, { "content-type": "text/plain; charset=iso-8859-1" }).end(Buffer.from("gr\xfcn", "latin1"));
	expect((await harness.run(fetchTool(), { url: origin })).output).toBe("grün");
	answer = (_, response) =>
		response.writeHead(200, { "content-type": "text/html" }).end(Buffer.from('<meta charset="windows-1252"><p>gr\xfcn</p>', "latin1"));
	expect((await harness.run(fetchTool(), { url: origin })).output).toContain("grün");
	answer = html("<title>Name</title><p>Short.</p>");
	expect((await harness.run(fetchTool(), { url: origin })).output).toBe("# Name\n\nShort.");
});
