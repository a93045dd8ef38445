import { type Dispatcher, request } from "undici";
import { DownloadFailure, PassingTrouble } from "./download-failure.ts";
import { isLoopback } from "./model-spec.ts";

/** Hugging Face needs two at most. */
const maxRedirects = 5;
const redirectStatus: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** A server that asks for a longer pause is given up. */
const longestWaitMs = 10 * 60_000;

/** Who is asked, and with what. */
export interface Hub {
	/** The token goes to this origin only, never along a redirect to another one. */
	readonly origin: string;
	readonly token: string | null;
	readonly dispatcher: Dispatcher;
}

/** What a request brings along. */
export interface FollowOptions {
	readonly headers?: Readonly<Record<string, string>>;
	readonly signal: AbortSignal;
}

function mayFollow(from: URL, to: URL): boolean {
	return to.protocol === "https:" || (to.protocol === "http:" && from.protocol === "http:" && isLoopback(to));
}

function waitOf(header: string | string[] | undefined): number | null {
	const text = Array.isArray(header) ? header[0] : header;
	if (text === undefined) {
		return null;
	}
	const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
	return Number.isFinite(waitMs) ? Math.max(0, waitMs) : null;
}

/** Throws what a status that is no success means. */
function refuse(url: URL, status: number, headers: Dispatcher.ResponseData["headers"], hasToken: boolean): never {
	const where = url.host;
	if (status === 401 || status === 403) {
		throw new DownloadFailure(
			"forbidden",
			hasToken
				? `${where} refuses the token. Check hfToken in the configuration, and that its owner may read this model.`
				: `${where} wants a token for this model. Set hfToken in the configuration, or HF_TOKEN, and ask for access on its page.`,
		);
	}
	if (status === 404 || status === 410) {
		throw new DownloadFailure("not_found", `${where} does not have ${url.pathname}. Check the name, and that it is not private.`);
	}
	if (status === 429 || status === 408 || status >= 500) {
		const waitMs = waitOf(headers["retry-after"]);
		if (waitMs !== null && waitMs > longestWaitMs) {
			throw new DownloadFailure(
				"unavailable",
				`${where} wants to be left alone for ${Math.round(waitMs / 60_000)} minutes. Try again later.`,
			);
		}
		throw new PassingTrouble(`${where} answers with status ${status}`, waitMs);
	}
	throw new DownloadFailure("host_unreachable", `${where} answers with status ${status} to a request for ${url.pathname}.`);
}

/**
 * Sends a GET and follows redirects: a few, never from https to http, and without the token to another origin.
 * Resolves with status 200 or 206, or 416 where a range was asked for; throws DownloadFailure, PassingTrouble, or the abort.
 */
export async function followRequest(hub: Hub, start: URL, { headers = {}, signal }: FollowOptions): Promise<Dispatcher.ResponseData> {
	let url = start;
	for (let redirects = 0; redirects <= maxRedirects; redirects++) {
		const sendsToken = hub.token !== null && url.origin === hub.origin;
		let response: Dispatcher.ResponseData;
		try {
			response = await request(url, {
				dispatcher: hub.dispatcher,
				signal,
				headers: { "user-agent": "opta-lmx", ...headers, ...(sendsToken ? { authorization: `Bearer ${hub.token}` } : {}) },
			});
		} catch (error) {
			signal.throwIfAborted();
			throw new PassingTrouble(`${url.host} cannot be reached (${error instanceof Error ? error.message : String(error)})`);
		}
		// Whoever reads the body meets its errors; one that is thrown away must not end the process.
		response.body.on("error", () => undefined);
		const { statusCode } = response;
		if (statusCode === 200 || statusCode === 206 || (statusCode === 416 && headers.range !== undefined)) {
			return response;
		}
		await response.body.dump().catch(() => undefined);
		if (!redirectStatus.has(statusCode)) {
			return refuse(url, statusCode, response.headers, sendsToken);
		}
		const { location } = response.headers;
		const target = typeof location === "string" && URL.canParse(location, url.href) ? new URL(location, url) : null;
		if (target === null || !mayFollow(url, target)) {
			throw new DownloadFailure("host_unreachable", `${url.host} redirects to an address that must not be followed.`);
		}
		url = target;
	}
	throw new DownloadFailure("host_unreachable", `${start.host} redirects more than ${maxRedirects} times.`);
}
