import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** How a fake hub misbehaves; each is off when left out. */
export interface Misbehaviour {
	/** Ends the connection after so many bytes of each answer, this many times. */
	cut?: { afterBytes: number; times: number };
	/** Sends other bytes than the published ones. */
	corrupt?: boolean;
	/** The list names this size instead of the real one. */
	listedBytes?: number;
	ignoresRanges?: boolean;
	/** No `ETag`. */
	noValidator?: boolean;
	/** Files are redirected to this origin. */
	redirectTo?: string;
	/** Files are redirected to themselves for ever. */
	redirectLoop?: boolean;
	/** Answers 429 so many times first. */
	busy?: { times: number; retryAfter: string };
	/** Pause before each piece of 16 KB. */
	pieceMs?: number;
	/** Only this token is let in. */
	token?: string;
	/** The list names files outside of the folder. */
	extraPath?: string;
}

/** One request that came for a file. */
export interface HubRequest {
	readonly path: string;
	readonly range: string | null;
	readonly authorization: string | null;
	sentBytes: number;
}

/** A server that speaks the part of the Hugging Face API that downloads use, well or badly. */
export interface FakeHub {
	readonly origin: string;
	readonly files: Map<string, Buffer>;
	readonly requests: HubRequest[];
	behaviour: Misbehaviour;
	/** Settles at the next request for a file. */
	nextRequest(): Promise<void>;
	close(): Promise<void>;
}

const revision = "0123456789abcdef0123456789abcdef01234567";
const pieceBytes = 16 * 1024;

/** SHA-256 in hex. */
export function sha256(bytes: Buffer): string {
	return createHash("sha256").update(bytes).digest("hex");
}

function gitSha1(bytes: Buffer): string {
	return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

/** Starts a hub with one repository, `me/repo`, on a free port. */
export async function startFakeHub(content: Readonly<Record<string, Buffer>>): Promise<FakeHub> {
	const files = new Map(Object.entries(content));
	const requests: HubRequest[] = [];
	const waiting: (() => void)[] = [];
	let server: Server;
	const hub = {
		origin: "",
		files,
		requests,
		behaviour: {} as Misbehaviour,
		nextRequest: () => new Promise<void>((resolve) => waiting.push(resolve)),
		close: () =>
			new Promise<void>((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};

	const json = (response: ServerResponse, value: unknown, status = 200): void => {
		response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
	};

	const tree = (): unknown[] => {
		const names = [...files.keys(), ...(hub.behaviour.extraPath === undefined ? [] : [hub.behaviour.extraPath])];
		return names.map((path) => {
			const bytes = files.get(path) ?? Buffer.from("x");
			const size = hub.behaviour.listedBytes ?? bytes.length;
			const isLarge = /\.(gguf|safetensors)$/.test(path);
			return { type: "file", path, size, oid: gitSha1(bytes), ...(isLarge ? { lfs: { oid: sha256(bytes), size, pointerSize: 134 } } : {}) };
		});
	};

	const sendFile = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
		const { behaviour } = hub;
		const range = behaviour.ignoresRanges === true ? undefined : request.headers.range;
		const entry: HubRequest = {
			path,
			range: request.headers.range ?? null,
			authorization: request.headers.authorization ?? null,
			sentBytes: 0,
		};
		requests.push(entry);
		for (const resolve of waiting.splice(0)) {
			resolve();
		}
		if (behaviour.busy !== undefined && behaviour.busy.times > 0) {
			behaviour.busy.times--;
			response.writeHead(429, { "retry-after": behaviour.busy.retryAfter }).end();
			return;
		}
		if (behaviour.redirectLoop === true) {
			response.writeHead(302, { location: request.url }).end();
			return;
		}
		if (behaviour.redirectTo !== undefined) {
			response.writeHead(302, { location: `${behaviour.redirectTo}/me/repo/resolve/${revision}/${path}` }).end();
			return;
		}
		const published = files.get(path);
		if (published === undefined) {
			json(response, { error: "Entry not found" }, 404);
			return;
		}
		const bytes = behaviour.corrupt === true ? Buffer.from(published).fill(1, published.length - 10) : published;
		const etag = `"${sha256(bytes)}"`;
		const match = /^bytes=(\d+)-(\d*)$/.exec(range ?? "");
		const isFresh = request.headers["if-range"] === undefined || request.headers["if-range"] === etag;
		const isPart = match !== null && isFresh;
		const from = isPart ? Number(match[1]) : 0;
		const to = isPart && match[2] !== "" ? Math.min(Number(match[2]), bytes.length - 1) : bytes.length - 1;
		response.writeHead(isPart ? 206 : 200, {
			"content-length": to - from + 1,
			...(behaviour.noValidator === true ? {} : { etag }),
			...(isPart ? { "content-range": `bytes ${from}-${to}/${bytes.length}` } : {}),
		});
		const cut = behaviour.cut !== undefined && behaviour.cut.times-- > 0 ? behaviour.cut.afterBytes : Number.POSITIVE_INFINITY;
		for (let at = from; at <= to && !response.destroyed; at += pieceBytes) {
			const piece = bytes.subarray(at, Math.min(at + pieceBytes, to + 1, from + cut));
			if (behaviour.pieceMs !== undefined) {
				await delay(behaviour.pieceMs);
			}
			await new Promise((resolve) => response.write(piece, resolve));
			entry.sentBytes += piece.length;
			if (at + piece.length - from >= cut) {
				response.socket?.end();
				return;
			}
		}
		response.end();
	};

	server = createServer((request, response) => {
		const path = new URL(request.url ?? "/", "http://hub").pathname;
		const isAllowed = hub.behaviour.token === undefined || request.headers.authorization === `Bearer ${hub.behaviour.token}`;
		if (!isAllowed) {
			json(response, { error: "Access to model me/repo is restricted." }, 401);
		} else if (path === "/api/models/me/repo/revision/main") {
			json(response, { sha: revision, cardData: { license: "apache-2.0" } });
		} else if (path === `/api/models/me/repo/tree/${revision}`) {
			json(response, tree());
		} else if (path.startsWith(`/me/repo/resolve/${revision}/`)) {
			sendFile(request, response, decodeURIComponent(path.slice(`/me/repo/resolve/${revision}/`.length))).catch(() => response.destroy());
		} else if (path.startsWith("/files/")) {
			sendFile(request, response, decodeURIComponent(path.slice("/files/".length))).catch(() => response.destroy());
		} else {
			json(response, { error: "Repository not found" }, 404);
		}
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	hub.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return hub;
}
