import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { parseArgs } from "node:util";
import { environment } from "../env.ts";

/**
 * Stands for cloudflared: its command line, the lines it writes and its metrics port. Instead of Cloudflare's network an
 * address of loopback is the public side, whose connections are really passed on to the door. `POST /cut`, `/hang`,
 * `/rename`, `/lose`, `/find` and `/exit` on the control port make it do what the real one does on a bad day.
 *
 * Environment: STAND_IN_PUBLIC and STAND_IN_CONTROL (`host:port`), STAND_IN_NAME (first name of a quick tunnel).
 */
function fail(words: string): never {
	process.stderr.write(`${words}\n`);
	process.exit(1);
}

function log(level: string, words: string): void {
	process.stderr.write(`${new Date().toISOString().slice(0, 19)}Z ${level} ${words}\n`);
}

function placeOf(text: string | undefined, what: string): { host: string; port: number } {
	const [host = "", port = ""] = (text ?? "").split(":");
	return host === "" ? fail(`${what} is missing`) : { host, port: Number(port) };
}

async function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
	server.on("error", (error) => fail(`listen ${host}:${port}: ${error.message}`));
	server.listen(port, host);
	await once(server, "listening");
}

const text = { type: "string" } as const;
const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { "no-autoupdate": { type: "boolean" }, config: text, url: text, metrics: text },
});
const isNamed = positionals.join(" ") === "tunnel run";
if (!isNamed && positionals.join(" ") !== "tunnel") {
	fail('Incorrect Usage. Use "cloudflared tunnel" or "cloudflared tunnel run"');
}
if (isNamed && (environment.TUNNEL_TOKEN ?? "") === "") {
	fail(
		'"cloudflared tunnel run" requires the ID or name of the tunnel to run as the last command line argument or in the configuration file.',
	);
}
const origin = new URL(values.url ?? fail("You did not specify any valid additional argument to the cloudflared tunnel command."));
const publicPlace = placeOf(environment.STAND_IN_PUBLIC, "STAND_IN_PUBLIC");
const connectionId = randomUUID();
const open = new Set<Socket>();
let name = environment.STAND_IN_NAME ?? "first-words-of-tests.trycloudflare.com";
let [readyConnections, isHanging] = [0, false];

const edge = createServer((visitor) => {
	const inner = connect(Number(origin.port), origin.hostname);
	for (const [socket, other] of [
		[visitor, inner],
		[inner, visitor],
	] as const) {
		open.add(socket);
		socket.on("error", () => other.destroy());
		socket.on("close", () => {
			open.delete(socket);
			other.destroy();
		});
		socket.pipe(other);
	}
	if (isHanging) {
		visitor.pause();
		inner.pause();
	}
});

function cut(): void {
	for (const socket of open) {
		socket.destroy();
	}
}

function showName(): void {
	log("INF", "+--------------------------------------------------------------------------------------------+");
	log("INF", "|  Your quick Tunnel has been created! Visit it at (it may take some time to be reachable):  |");
	log("INF", `|  https://${name.padEnd(82)}|`);
	log("INF", "+--------------------------------------------------------------------------------------------+");
}

function register(): void {
	readyConnections = 1;
	log("INF", `Registered tunnel connection connIndex=0 connection=${connectionId} event=0 ip=198.41.200.13 location=fra01 protocol=quic`);
}

const metrics = createHttpServer((request, response) => {
	if (isHanging) {
		return;
	}
	if (request.url === "/ready") {
		const status = readyConnections > 0 ? 200 : 503;
		response.writeHead(status).end(JSON.stringify({ status, readyConnections, connectorId: connectionId }));
	} else if (request.url === "/quicktunnel" && !isNamed) {
		response.end(JSON.stringify({ hostname: name }));
	} else {
		response.writeHead(404).end("404 page not found\n");
	}
});

const control = createHttpServer((request, response) => {
	const url = new URL(request.url ?? "/", "http://control");
	switch (url.pathname) {
		case "/cut":
			log("WRN", 'Serve tunnel error error="connection with edge closed" connIndex=0 event=0 ip=198.41.200.13');
			cut();
			break;
		case "/lose":
			log(
				"ERR",
				'Failed to dial a quic connection error="failed to dial to edge with quic: timeout: no recent network activity" connIndex=0',
			);
			readyConnections = 0;
			cut();
			break;
		case "/find":
			register();
			break;
		case "/hang":
			isHanging = true;
			for (const socket of open) {
				socket.pause();
			}
			break;
		case "/rename":
			name = url.searchParams.get("name") ?? name;
			showName();
			break;
		case "/exit":
			response.once("finish", () => process.exit(Number(url.searchParams.get("code") ?? "1")));
	}
	response.end(JSON.stringify({ pid: process.pid, arguments: process.argv.slice(2), tokenLength: environment.TUNNEL_TOKEN?.length ?? 0 }));
});

process.on("SIGTERM", () => {
	log("INF", "Initiating graceful shutdown due to signal terminated ...");
	process.exit(0);
});
if (isNamed) {
	log("INF", `Starting tunnel tunnelID=${randomUUID()}`);
} else {
	log(
		"INF",
		"Thank you for trying Cloudflare Tunnel. Doing so, without a Cloudflare account, is a quick way to experiment and try it out.",
	);
	log("INF", "Requesting new quick Tunnel on trycloudflare.com...");
	showName();
}
log("INF", "Version 2026.5.0 (Checksum stand-in)");
log("INF", "Settings: map[metrics:127.0.0.1:0 no-autoupdate:true]");
await listen(metrics, placeOf(values.metrics, "--metrics"));
log("INF", `Starting metrics server on 127.0.0.1:${(metrics.address() as AddressInfo).port}/metrics`);
await listen(control, placeOf(environment.STAND_IN_CONTROL, "STAND_IN_CONTROL"));
await listen(edge, publicPlace);
register();
