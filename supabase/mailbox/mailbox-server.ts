import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { errorBody } from "@opta/contracts/error-body";
import { refusal } from "../http/loopback-host.ts";
import type { MailStore, StoredMail } from "./mail-store.ts";
import { mailLinks } from "./mail-text.ts";
import { listPage, mailPage, notFoundPage } from "./mailbox-page.ts";

const longestWaitMs = 30_000;

const pageHeaders = {
	"content-type": "text/html; charset=utf-8",
	"content-security-policy":
		"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	"cross-origin-opener-policy": "same-origin",
};

/** A mail may come from anywhere one day: it may set its own look, and nothing else. */
const mailHeaders = {
	"content-type": "text/html; charset=utf-8",
	"content-security-policy":
		"sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
};

function send(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, body: string): void {
	response.writeHead(status, {
		"cache-control": "no-store",
		"cross-origin-resource-policy": "same-origin",
		"referrer-policy": "no-referrer",
		"x-content-type-options": "nosniff",
		...headers,
	});
	response.end(body);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
	send(response, status, { "content-type": "application/json" }, JSON.stringify(body));
}

/** Opens a mail's links in a page of their own: the frame itself may go nowhere. */
function framed(mail: StoredMail): string {
	const source = mail.html ?? "";
	const base = '<base target="_blank">';
	return /<head\b[^>]*>/i.test(source) ? source.replace(/<head\b[^>]*>/i, (head) => `${head}${base}`) : `${base}${source}`;
}

/**
 * `GET /api/messages?to=…&after=<id>&waitMs=…`: mails newest first. With `waitMs` the answer waits until there is one that
 * matches, at most so long; an empty list says that none came.
 */
async function answerMessages(store: MailStore, query: URLSearchParams, response: ServerResponse): Promise<void> {
	const to = query.get("to")?.toLowerCase() ?? null;
	const after = query.get("after") ?? "";
	const waitMs = Math.min(Number(query.get("waitMs") ?? 0), longestWaitMs);
	if (!(waitMs >= 0)) {
		return sendJson(response, 400, errorBody("invalid_request", "waitMs is a number of milliseconds.", { param: "waitMs" }));
	}
	const matching = (): readonly StoredMail[] =>
		store.list().filter((mail) => mail.id > after && (to === null || mail.to.toLowerCase() === to));
	const gone = new AbortController();
	response.once("close", () => gone.abort());
	const deadline = performance.now() + waitMs;
	let mails = matching();
	while (mails.length === 0 && performance.now() < deadline && !gone.signal.aborted) {
		await store.nextMail(deadline - performance.now(), gone.signal);
		mails = matching();
	}
	sendJson(response, 200, { messages: mails.map((mail) => ({ ...mail, links: mail.html === null ? [] : mailLinks(mail.html) })) });
}

/** The mailbox page's server, not yet listening: the mails as pages and as JSON, for loopback names only. */
export async function createMailboxServer(store: MailStore): Promise<Server> {
	const asset = (name: string): Promise<string> => readFile(new URL(name, import.meta.url), "utf8");
	const [styles, script] = await Promise.all([asset("mailbox.css"), asset("mailbox.js")]);

	async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const refused = refusal(request);
		if (refused !== null) {
			return sendJson(response, 403, errorBody("forbidden", refused));
		}
		if (request.method !== "GET" && request.method !== "HEAD") {
			response.setHeader("allow", "GET, HEAD");
			return sendJson(response, 405, errorBody("invalid_request", "The mailbox can only be read."));
		}
		const url = URL.parse(request.url ?? "/", "http://mailbox.invalid");
		const pathname = url?.pathname ?? "/";
		switch (pathname) {
			case "/":
				return send(response, 200, pageHeaders, listPage(store.list()));
			case "/mailbox.css":
				return send(response, 200, { "content-type": "text/css; charset=utf-8" }, styles);
			case "/mailbox.js":
				return send(response, 200, { "content-type": "text/javascript; charset=utf-8" }, script);
			case "/api/messages":
				return answerMessages(store, url?.searchParams ?? new URLSearchParams(), response);
			default: {
				const match = /^\/messages\/([0-9a-f-]{36})(\/html)?$/.exec(pathname);
				const mail = match?.[1] === undefined ? undefined : store.find(match[1]);
				if (mail === undefined) {
					return send(response, 404, pageHeaders, notFoundPage());
				}
				return match?.[2] === undefined ? send(response, 200, pageHeaders, mailPage(mail)) : send(response, 200, mailHeaders, framed(mail));
			}
		}
	}

	return createServer((request, response) => {
		handle(request, response).catch((error: unknown) => {
			console.error(`The mailbox could not answer: ${error instanceof Error ? error.message : String(error)}`);
			response.destroy();
		});
	});
}
