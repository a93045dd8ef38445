import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sendError } from "./send-error.ts";

const nothingBuilt =
	"LMX is running.\n\nIts pages are not built, so there is nothing to show here. The API answers at /v1/models, /v1/chat/completions and /admin/status.\n";

/** CSP hashes of the scripts that a page carries in itself. */
function scriptHashes(html: string): string[] {
	return [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi)].map(
		([, source = ""]) => `'sha256-${createHash("sha256").update(source).digest("base64")}'`,
	);
}

/** Content Security Policy of the shell: its own files and this server only. */
export function contentPolicy(html: string): string {
	return [
		"default-src 'self'",
		["script-src 'self'", ...scriptHashes(html)].join(" "),
		"style-src 'self' 'unsafe-inline'",
		"img-src 'self' data:",
		"object-src 'none'",
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors 'none'",
	].join("; ");
}

function isNavigation(request: FastifyRequest, pathname: string): boolean {
	return request.method === "GET" && path.extname(pathname) === "" && (request.headers.accept ?? "").includes("text/html");
}

function pathOf(request: FastifyRequest): string {
	return request.raw.url?.split("?", 1)[0] ?? "/";
}

/**
 * Serves the pages of the LAN at `/`. Files under `assets/` carry a hash in their name and are kept for a
 * year; everything else is asked for again. Paths without an ending are pages of the one document.
 */
export async function registerLanShell(app: FastifyInstance, webDir: string | null): Promise<void> {
	const notFound = (_request: FastifyRequest, reply: FastifyReply): FastifyReply =>
		sendError(reply, { code: "not_found", message: "LMX has no such route. Check method and path." });
	const index = webDir === null ? "" : path.join(webDir, "index.html");
	if (webDir === null || !existsSync(index)) {
		app.get("/", (_request, reply) => reply.header("content-type", "text/plain; charset=utf-8").send(nothingBuilt));
		app.setNotFoundHandler(notFound);
		return;
	}
	const policy = contentPolicy(readFileSync(index, "utf8"));
	await app.register(fastifyStatic, {
		root: webDir,
		dotfiles: "ignore",
		cacheControl: false,
		setHeaders: (reply, file) => {
			const isHashed = path.relative(webDir, file).startsWith(`assets${path.sep}`);
			reply.header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
			reply.header("content-security-policy", policy);
		},
	});
	app.setNotFoundHandler((request, reply) =>
		isNavigation(request, pathOf(request)) ? reply.sendFile("index.html") : notFound(request, reply),
	);
}
