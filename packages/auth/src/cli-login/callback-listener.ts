import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { callbackPath } from "@opta/contracts/device-sign-in";

/** Waits on 127.0.0.1 for the browser that comes back from the approve page. */
export interface CallbackListener {
	readonly port: number;
	/** The code, once a request with the right state has come; wrong ones are answered and waited through. */
	readonly code: Promise<string>;
	close(): void;
}

const donePath = "/done";
const headers = {
	"cache-control": "no-store",
	"referrer-policy": "no-referrer",
	"x-content-type-options": "nosniff",
	"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	connection: "close",
};

function page(title: string, text: string): string {
	return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${title}</title><style>body{font:16px/1.6 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1.5rem}</style><h1>${title}</h1><p>${text}</p></html>\n`;
}

function answer(response: ServerResponse, status: number, title: string, text: string): void {
	response.writeHead(status, { ...headers, "content-type": "text/html; charset=utf-8" });
	response.end(page(title, text));
}

function isSame(given: string, wanted: string): boolean {
	const [left, right] = [Buffer.from(given), Buffer.from(wanted)];
	return left.length === right.length && timingSafeEqual(left, right);
}

function listenOn(server: ReturnType<typeof createServer>, port: number): Promise<number | null> {
	return new Promise((resolve) => {
		server.once("error", () => resolve(null));
		server.listen({ host: "127.0.0.1", port, exclusive: true }, () => {
			const address = server.address();
			resolve(address !== null && typeof address === "object" ? address.port : null);
		});
	});
}

function createHandler(
	state: string,
	onCode: (code: string) => void,
): (request: IncomingMessage, response: ServerResponse, port: number) => void {
	let isDone = false;
	return (incoming, response, port) => {
		if (incoming.headers.host !== `127.0.0.1:${port}`) {
			answer(response, 421, "Wrong address", "This terminal answers at 127.0.0.1 only.");
			return;
		}
		const [path = "", query] = (incoming.url ?? "").split("?", 2);
		const parameters = new URLSearchParams(query);
		if (path === donePath && isDone && incoming.method === "GET") {
			answer(response, 200, "You are signed in", "You can close this page and go back to the terminal.");
			return;
		}
		const states = parameters.getAll("state");
		const codes = parameters.getAll("code");
		const isRight =
			incoming.method === "GET" &&
			path === callbackPath &&
			states.length === 1 &&
			codes.length === 1 &&
			isSame(states[0] ?? "", state) &&
			/^[A-Za-z0-9_-]{22,128}$/.test(codes[0] ?? "");
		if (!isRight || isDone) {
			answer(response, 400, "Nothing here", "This is not the answer that the terminal waits for. It goes on waiting.");
			return;
		}
		isDone = true;
		response.writeHead(303, { ...headers, location: donePath });
		response.end(() => onCode(codes[0] ?? ""));
	};
}

/**
 * Listens on 127.0.0.1: the preferred port, else any free one (RFC 8252 §7.3). A stranger that holds the preferred port is
 * never talked to. Null when no port can be had, as in some sandboxes: the code is then typed by hand.
 */
export async function listenForCallback(state: string, preferredPort: number): Promise<CallbackListener | null> {
	const { promise, resolve } = Promise.withResolvers<string>();
	const handle = createHandler(state, resolve);
	for (const wanted of [preferredPort, 0]) {
		const server = createServer((request, response) => handle(request, response, port ?? 0));
		server.headersTimeout = 5000;
		const port = await listenOn(server, wanted);
		if (port !== null) {
			return {
				port,
				code: promise,
				close() {
					server.close();
					// The browser is still to get the page that says that it may be closed.
					setTimeout(() => server.closeAllConnections(), 2000).unref();
				},
			};
		}
	}
	return null;
}
