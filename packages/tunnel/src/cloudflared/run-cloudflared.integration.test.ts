import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TunnelView } from "@opta/contracts/schema/process-message";
import { Agent } from "undici";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { environment } from "../env.ts";
import { type StandIn, writeStandIn } from "../testing/stand-in.ts";
import type { TunnelKind } from "./cloudflared-command.ts";
import { findFreePort } from "./find-free-port.ts";
import { createMeetSelf } from "./meet-self.ts";
import { type CloudflaredOptions, type RunningTunnel, runCloudflared } from "./run-cloudflared.ts";
import { createSelfNonces } from "./self-nonces.ts";

const token = Buffer.from(JSON.stringify({ a: "account", t: "tunnel", s: "a secret of this tunnel" })).toString("base64");
const nonces = createSelfNonces();

let folder: string;
let door: Server;
let doorPort: number;
let doorAnswers: boolean;
let publicPort: number;
let standIn: StandIn;
let running: RunningTunnel | null;
let views: TunnelView[];
let lines: string[];

beforeEach(async () => {
	folder = mkdtempSync(path.join(tmpdir(), "opta-tunnel-"));
	doorAnswers = true;
	door = createServer((request, response) => {
		const [, nonce = ""] = request.headers.authorization?.split(" ") ?? [];
		const isOwn = request.url === "/self" && nonces.take(nonce);
		response.writeHead(doorAnswers && isOwn ? 204 : 401).end();
	});
	doorPort = await findFreePort();
	door.listen(doorPort, "127.0.0.1");
	publicPort = await findFreePort();
	standIn = writeStandIn(folder, { publicPlace: `127.0.0.2:${publicPort}`, controlPlace: `127.0.0.1:${await findFreePort()}` });
	running = null;
	views = [];
	lines = [];
});
afterEach(async () => {
	await running?.stop();
	door.closeAllConnections();
	door.close();
	rmSync(folder, { recursive: true, force: true });
});

/** Whatever name is asked for, the public side of the stand-in answers, without TLS. */
const dispatcher = new Agent({
	connect: (_options, done) => {
		const socket = connect(publicPort, "127.0.0.2");
		socket.once("connect", () => done(null, socket)).once("error", (error) => done(error, null));
	},
});

function open(tunnel: TunnelKind, changes: Partial<CloudflaredOptions> = {}): void {
	running = runCloudflared({
		tunnel,
		doorPort,
		findBinary: () => ({ file: standIn.program }),
		environment: { PATH: environment.PATH, TUNNEL_URL: "http://127.0.0.1:1", SECRET_OF_THE_USER: "x" },
		meetSelf: createMeetSelf(nonces, dispatcher),
		onChange: (view) => views.push(view),
		onLine: ({ text }) => lines.push(text),
		restart: { firstMs: 10, longestMs: 50 },
		watch: { metricsMs: 20, silenceMs: 400, meetMs: 50 },
		...changes,
	});
}

function named(): TunnelKind {
	return { kind: "named", publicUrl: `http://127.0.0.2:${publicPort}`, token };
}

const until = (view: Partial<TunnelView>): Promise<void> => vi.waitFor(() => expect(views.at(-1)).toMatchObject(view), { timeout: 20_000 });

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

describe("a quick tunnel", () => {
	it("is known by the name that Cloudflare made up, and follows it to another", async () => {
		open({ kind: "quick" });
		await until({ state: "connected", publicUrl: "https://first-words-of-tests.trycloudflare.com", reason: null });
		await standIn.tell("/rename?name=other-words-of-tests.trycloudflare.com");
		await until({ state: "connected", publicUrl: "https://other-words-of-tests.trycloudflare.com" });
	});

	it.each(["evil.example.com", "api.trycloudflare.com", "a.b.trycloudflare.com", "x.trycloudflare.com.evil.com"])(
		"is never known by %s",
		async (name) => {
			open({ kind: "quick" });
			await until({ state: "connected" });
			await standIn.tell(`/rename?name=${name}`);
			await vi.waitFor(() => expect(lines.some((line) => line.includes(`https://${name} `))).toBe(true));
			const known = new Set(views.flatMap(({ publicUrl }) => publicUrl ?? []));
			expect(known).toEqual(new Set(["https://first-words-of-tests.trycloudflare.com"]));
		},
	);

	it("has no name any more once cloudflared is gone, and the new one's name then", async () => {
		open({ kind: "quick" });
		await until({ state: "connected" });
		await standIn.tell("/exit?code=1");
		await vi.waitFor(() =>
			expect(views).toContainEqual({ state: "reconnecting", publicUrl: null, reason: "cloudflared ended with exit code 1" }),
		);
		await until({ state: "connected", publicUrl: "https://first-words-of-tests.trycloudflare.com" });
	});
});

describe("a named tunnel", () => {
	it("passes what comes to its public name on to the door, and ends with it", async () => {
		open(named());
		await until({ state: "connected", publicUrl: `http://127.0.0.2:${publicPort}` });
		expect((await fetch(`http://127.0.0.2:${publicPort}/healthz`)).status).toBe(401);
		const { pid } = await standIn.tell("/");
		await running?.stop();
		expect(isRunning(pid)).toBe(false);
	});

	it("gives its token by the environment alone: no argument and no line of the log has it", async () => {
		open(named());
		await until({ state: "connected" });
		const { pid, tokenLength } = await standIn.tell("/");
		expect(tokenLength).toBe(token.length);
		const read = (file: string): string => readFileSync(`/proc/${pid}/${file}`, "utf8");
		expect(read("cmdline")).not.toContain(token);
		expect(read("environ")).toContain(`TUNNEL_TOKEN=${token}`);
		expect(read("environ")).not.toMatch(/TUNNEL_URL|SECRET_OF_THE_USER/);
		expect(lines.join("\n")).not.toContain(token);
	});

	it("comes back when cloudflared was killed", async () => {
		open(named());
		await until({ state: "connected" });
		const { pid } = await standIn.tell("/");
		process.kill(pid, "SIGKILL");
		await vi.waitFor(() => expect(views.some(({ reason }) => reason === "cloudflared was ended by SIGKILL")).toBe(true));
		await until({ state: "connected" });
		expect((await standIn.tell("/")).pid).not.toBe(pid);
	});

	it.each([
		["answers nobody", (): Promise<unknown> => standIn.tell("/hang")],
		["is frozen, so that it does not even end when asked", async (pid: number): Promise<unknown> => process.kill(pid, "SIGSTOP")],
	])("is started again when it %s", async (_, hang) => {
		open(named());
		await until({ state: "connected" });
		const { pid } = await standIn.tell("/");
		await hang(pid);
		await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 20_000 });
		await until({ state: "connected" });
		expect(views.map(({ reason }) => reason)).toContain("cloudflared does not answer for 0.4 s");
	});

	it("keeps its name while it finds its way back by itself, and is started again where it does not", async () => {
		open(named(), { watch: { metricsMs: 20, silenceMs: 60_000, meetMs: 60_000 } });
		await until({ state: "connected" });
		const { pid } = await standIn.tell("/lose");
		await until({
			...{ state: "reconnecting", publicUrl: `http://127.0.0.2:${publicPort}` },
			reason: "cloudflared has no connection to Cloudflare",
		});
		await standIn.tell("/find");
		await until({ state: "connected" });
		expect((await standIn.tell("/")).pid).toBe(pid);
		await running?.stop();

		views = [];
		open(named());
		await until({ state: "connected" });
		const second = await standIn.tell("/lose");
		await vi.waitFor(() => expect(isRunning(second.pid)).toBe(false), { timeout: 10_000 });
		await until({ state: "connected" });
	});

	it("is started again when its public name does not lead to this host three times", async () => {
		open(named());
		await until({ state: "connected" });
		const { pid } = await standIn.tell("/");
		doorAnswers = false;
		await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 10_000 });
		const reason = `this host does not meet itself at http://127.0.0.2:${publicPort}: it answered with 401`;
		await vi.waitFor(() => expect(views.map((view) => view.reason)).toContain(reason));
		doorAnswers = true;
		await until({ state: "connected" });
	});
});

describe("without cloudflared", () => {
	it("says what to do, and opens the tunnel once it is there", async () => {
		let isInstalled = false;
		open(named(), { findBinary: () => (isInstalled ? { file: standIn.program } : { missing: "Install it." }) });
		await until({ state: "missing", publicUrl: null, reason: "Install it." });
		isInstalled = true;
		await until({ state: "connected" });
	});
});
