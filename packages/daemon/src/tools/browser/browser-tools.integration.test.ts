import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Children } from "../../children/children.ts";
import { openChildren } from "../../children/open-children.ts";
import { readProcessTable } from "../../children/process-table.ts";
import type { Tool, ToolContext, ToolGroup, ToolOutcome } from "../tool.ts";
import { browserTools } from "./browser-tools.ts";
import { findChromium } from "./find-chromium.ts";

const chromium = findChromium("linux", { PATH: "/usr/bin" });
let server: Server;
let other: Server;
let origin: string;
let otherOrigin: string;
let home: string;
let children: Children;
let group: ToolGroup;
const asked: string[] = [];
let denied: string[];
let reachable: (url: URL) => void;

const page = `<!doctype html><title>Shop</title><h1>Welcome</h1>
<button onclick="document.querySelector('output').textContent='Thanks, '+document.querySelector('input').value">Buy</button>
<label>Name <input></label><output></output>
<button onclick="alert('Sure?')">Ask</button>
<a href="OTHER/away">Leave</a> <a href="/redirect">Sneak out</a>
<button onclick="fetch('OTHER/data').then((r) => r.text(), () => 'cut off').then((t) => document.querySelector('output').textContent = t)">Load</button>`;

async function listen(answer: Parameters<typeof createServer>[1]): Promise<[Server, string]> {
	const made = createServer(answer as never);
	await new Promise<void>((resolve) => {
		made.listen(0, "127.0.0.1", resolve);
	});
	return [made, `http://127.0.0.1:${(made.address() as AddressInfo).port}`];
}

beforeAll(async () => {
	[other, otherOrigin] = await listen((request, response) => {
		asked.push(`other ${request.url}`);
		response.setHeader("access-control-allow-origin", "*");
		response.end("other data");
	});
	otherOrigin = otherOrigin.replace("127.0.0.1", "localhost");
	[server, origin] = await listen((request, response) => {
		if (request.url === "/redirect") {
			response.writeHead(302, { location: `${otherOrigin}/sneaked` }).end();
			return;
		}
		if (request.url === "/never") {
			return;
		}
		response.setHeader("content-type", "text/html");
		response.end(page.replaceAll("OTHER", otherOrigin));
	});
});

afterAll(() => {
	for (const one of [server, other]) {
		one.close();
		one.closeAllConnections();
	}
});

beforeEach(async (context) => {
	context.skip(chromium === null, "no Chromium is installed");
	home = await mkdtemp(path.join(tmpdir(), "opta-browser-"));
	asked.length = 0;
	denied = [];
	reachable = () => undefined;
	children = await openChildren({
		maxChildren: 2,
		storeFile: path.join(home, "children.json"),
		onProblem: (message) => expect.unreachable(message),
	});
	open();
});

function open(idleMs = 60_000): void {
	group = browserTools({
		children,
		idleMs,
		origins: () => ({ allowedOrigins: [], deniedOrigins: denied }),
		assertReachable: (url) => reachable(url),
		environment: { PATH: "/usr/bin:/bin", HOME: home, TEST_HOME: home },
		sessionFolder: (sessionId) => path.join(home, "pictures", sessionId),
	});
}

afterEach(async () => {
	await group.close();
	await children.close();
	const left = (await readProcessTable("linux", true)).filter((row) => row.text.includes(`TEST_HOME=${home}`));
	expect(left.map((row) => row.pid)).toEqual([]);
	await rm(home, { recursive: true, force: true });
});

const tool = (name: string): Tool => group.tools.find((one) => one.name === name)!;

function call(name: string, input: object = {}, over: Partial<ToolContext> = {}): Promise<ToolOutcome> {
	const context = { sessionId: "s", maxOutputBytes: 16_384, signal: new AbortController().signal, ...over };
	return tool(name).run(input, context as ToolContext);
}

test("a page is opened, read, typed into and clicked", async () => {
	expect(await call("browser_open", { url: origin })).toEqual({ ok: true, output: `At ${origin}/ (Shop).`, truncated: false });
	const read = await call("browser_read");
	expect(read.output).toContain('heading "Welcome"');
	const field = /textbox "Name" \[ref=(e\d+)\]/.exec(read.output)![1]!;
	await call("browser_type", { ref: field, value: "Ada" });
	expect(await call("browser_click", { text: "Buy" })).toMatchObject({ ok: true });
	expect((await call("browser_read")).output).toContain("Thanks, Ada");
	expect(children.list()).toMatchObject([{ kind: "browser", sessionId: "s", pid: expect.any(Number) }]);
	expect(children.list()[0]!.pid).toBeGreaterThan(1);
	expect(await call("browser_close")).toMatchObject({ output: "Closed." });
	expect(children.list()).toEqual([]);
});

test("what the page says in dialogs is told, and nothing waits for an answer", async () => {
	await call("browser_open", { url: origin });
	expect((await call("browser_click", { text: "Ask" })).output).toContain("[The page asked (alert): Sure?");
});

test("a link to where nobody was asked about is not followed, nor a redirect; nothing of the page is kept then", async () => {
	await call("browser_open", { url: origin });
	expect((await call("browser_click", { text: "Leave" })).output).toContain(`[The page wanted to go to ${otherOrigin}`);
	expect(asked).toEqual([]);
	await call("browser_open", { url: origin });
	expect(await call("browser_click", { text: "Sneak out" })).toMatchObject({
		ok: false,
		output: expect.stringContaining(`leads to ${otherOrigin}`),
	});
	expect((await call("browser_read")).output).not.toContain("other data");
});

test("denied origins are refused before anybody is asked, and to what pages load", async () => {
	denied = [otherOrigin];
	expect(() => tool("browser_open").access({ url: `${otherOrigin}/x` }, { workspace: "/" })).toThrow("tools.deniedOrigins");
	await call("browser_open", { url: origin });
	await call("browser_click", { text: "Load" });
	await expect.poll(async () => (await call("browser_read")).output).toContain("cut off");
	expect(asked).toEqual([]);
	denied = [];
	await call("browser_click", { text: "Load" });
	await expect.poll(async () => (await call("browser_read")).output).toContain("other data");
});

test("redirects of the first page reach no address that local only refuses", async () => {
	reachable = (url) => {
		if (url.hostname === "localhost") {
			throw new Error("local only");
		}
	};
	const outcome = await call("browser_open", { url: `${origin}/redirect` });
	expect(outcome).toMatchObject({ ok: false, output: expect.stringContaining("local only") });
	expect(asked).toEqual([]);
});

test("addresses of files and of nothing are refused", () => {
	for (const url of ["file:///etc/passwd", "javascript:alert(1)", "chrome://version", "x", "http://user:word@host/"]) {
		expect(() => tool("browser_open").access({ url }, { workspace: "/" })).toThrow();
	}
});

test("pictures are kept for the user alone, and differences found", async () => {
	await call("browser_open", { url: origin });
	await call("browser_screenshot", { name: "before" });
	await call("browser_screenshot", { name: "same" });
	expect((await call("browser_diff", { before: "before", after: "same" })).output).toBe("The pictures look the same.");
	await call("browser_type", { text: "Name", value: "Ada" });
	await call("browser_screenshot", { name: "after", fullPage: true });
	expect((await call("browser_diff", { before: "before", after: "after" })).output).toMatch(
		/^\d+ of 921600 pixels differ \(0\.\d+ %\), from \d+,\d+ to \d+,\d+\. Shown in /,
	);
	expect((await stat(path.join(home, "pictures/s/before.png"))).mode & 0o777).toBe(0o600);
	expect((await readFile(path.join(home, "pictures/s/last-difference.png"))).subarray(1, 4).toString()).toBe("PNG");
	expect(await call("browser_diff", { before: "before", after: "none" })).toMatchObject({
		ok: false,
		output: expect.stringContaining('no picture "none"'),
	});
	expect(tool("browser_screenshot").input.safeParse({ name: "../x" }).success).toBe(false);
});

test("a cancel ends the wait for a page that never comes; the browser can be used on", async () => {
	const cancel = new AbortController();
	const waiting = call("browser_open", { url: `${origin}/never` }, { signal: cancel.signal });
	await expect.poll(() => children.list()).toHaveLength(1);
	cancel.abort();
	expect(await waiting).toMatchObject({ ok: false, output: "Cancelled." });
	expect(await call("browser_open", { url: origin })).toMatchObject({ ok: true });
});

test("sessions have browsers of their own, which end with them", async () => {
	await call("browser_open", { url: origin });
	expect(await call("browser_read", {}, { sessionId: "other" })).toMatchObject({
		ok: false,
		output: expect.stringContaining("No page is open"),
	});
	await group.closeSession("s");
	expect(children.list()).toEqual([]);
});

test("a browser that nobody uses is closed, one that died is started again", async () => {
	await call("browser_open", { url: origin });
	process.kill(children.list()[0]!.pid, "SIGKILL");
	await expect.poll(async () => (await call("browser_read")).output).toContain("No page is open");
	await group.close();
	open(1500);
	await call("browser_open", { url: origin });
	await expect.poll(() => children.list()).toEqual([]);
});
