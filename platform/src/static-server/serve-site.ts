import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { candidateFiles, contentType } from "./resolve-file.ts";
import { headersForPath, type VercelConfig } from "./site-headers.ts";

/** An exported site and the name it is reached by. */
export interface ExportedSite {
	/** Folder with the exported files. */
	readonly root: string;
	readonly config: VercelConfig;
	/** `name:port` that people use; other loopback names are redirected to it. */
	readonly canonicalHost: string;
}

async function firstFile(root: string, candidates: readonly string[]): Promise<string | null> {
	for (const candidate of candidates) {
		const file = path.join(root, candidate);
		const found = await stat(file).then(
			(entry) => entry.isFile(),
			() => false,
		);
		if (found) {
			return file;
		}
	}
	return null;
}

const compressible = /^(?:text\/|application\/(?:json|xml|manifest\+json)|image\/svg)/;

async function sendFile(
	request: IncomingMessage,
	response: ServerResponse,
	file: string,
	status: number,
	headers: Record<string, string>,
): Promise<void> {
	const type = contentType(file);
	const immutable = file.includes(`${path.sep}_next${path.sep}static${path.sep}`);
	const gzip = compressible.test(type) && /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
	response.writeHead(status, {
		"content-type": type,
		"cache-control": immutable ? "public, max-age=31536000, immutable" : "no-cache",
		vary: "accept-encoding",
		...(gzip ? { "content-encoding": "gzip" } : {}),
		...headers,
	});
	if (request.method === "HEAD") {
		response.end();
		return;
	}
	const stages: [NodeJS.ReadableStream, ...NodeJS.ReadWriteStream[]] = gzip
		? [createReadStream(file), createGzip()]
		: [createReadStream(file)];
	await pipeline([...stages, response]);
}

async function answer(site: ExportedSite, request: IncomingMessage, response: ServerResponse): Promise<void> {
	const requestPath = (request.url ?? "/").split("?", 1)[0] ?? "/";
	const port = site.canonicalHost.split(":")[1];
	const host = request.headers.host ?? "";
	if (host === `localhost:${port}` || (host === `127.0.0.1:${port}` && (request.headers.accept ?? "").includes("text/html"))) {
		response.writeHead(307, { location: `http://${site.canonicalHost}${requestPath.startsWith("//") ? "/" : requestPath}` }).end();
		return;
	}
	if (host !== site.canonicalHost && host !== `127.0.0.1:${port}`) {
		response.writeHead(403, { "content-type": "text/plain; charset=utf-8" }).end(`This server answers for ${site.canonicalHost} only.\n`);
		return;
	}
	if (request.method !== "GET" && request.method !== "HEAD") {
		response.writeHead(405, { allow: "GET, HEAD" }).end();
		return;
	}
	const headers = headersForPath(site.config, requestPath);
	const candidates = candidateFiles(requestPath);
	const file = candidates === null ? null : await firstFile(site.root, candidates);
	if (file !== null) {
		await sendFile(request, response, file, 200, headers);
		return;
	}
	const notFound = path.join(site.root, "404.html");
	const page = await readFile(notFound).then(
		() => notFound,
		() => null,
	);
	if (page === null) {
		response.writeHead(404, { "content-type": "text/plain; charset=utf-8", ...headers }).end("There is no page here.\n");
		return;
	}
	await sendFile(request, response, page, 404, headers);
}

/** A server for one exported site. A reader who leaves in the middle of a file is no error. */
export function createSiteServer(site: ExportedSite, onError: (error: unknown) => void): Server {
	return createServer((request, response) => {
		answer(site, request, response).catch((error: unknown) => {
			if (!request.destroyed && !response.destroyed) {
				onError(error);
			}
			response.destroy();
		});
	});
}
