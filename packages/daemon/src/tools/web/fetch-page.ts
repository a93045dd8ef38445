import type { EgressWay } from "../../egress/egress.ts";
import { ToolInputError } from "../files/locate.ts";

/** A page as it came. */
export interface FetchedPage {
	/** Where it came from in the end. */
	readonly url: URL;
	readonly status: number;
	/** Without parameters, in small letters; empty where the server says nothing. */
	readonly contentType: string;
	readonly text: string;
	/** It has more bytes than are read. */
	readonly isCut: boolean;
}

/** Where a page sends us that nobody allowed yet. */
export interface PageElsewhere {
	readonly elsewhere: URL;
}

const maxRedirects = 5;
const maxBytes = 5 * 1024 * 1024;
const timeoutMs = 30_000;
const textTypes =
	/^(?:text\/|application\/(?:json|xml|javascript|ecmascript|yaml|toml|x-ndjson|rtf|graphql|sql)|[^;]*\+(?:json|xml|yaml)$)/;

type PageResponse = Awaited<ReturnType<EgressWay["fetch"]>>;

/** True where a redirect stays with the server that was allowed: the same origin, or the same name by https. */
function staysThere(from: URL, to: URL): boolean {
	return (
		from.origin === to.origin || (from.protocol === "http:" && to.protocol === "https:" && from.hostname === to.hostname && to.port === "")
	);
}

/** Reads at most `maxBytes`, counted after decompression. */
async function readBody(response: PageResponse): Promise<{ readonly bytes: Buffer; readonly isCut: boolean }> {
	const chunks: Uint8Array[] = [];
	let size = 0;
	if (response.body === null) {
		return { bytes: Buffer.alloc(0), isCut: false };
	}
	for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
		chunks.push(chunk);
		size += chunk.length;
		if (size > maxBytes) {
			return { bytes: Buffer.concat(chunks).subarray(0, maxBytes), isCut: true };
		}
	}
	return { bytes: Buffer.concat(chunks), isCut: false };
}

/** The text of bytes in the encoding that the header or the page itself names (HTML §13.2.3.2, by its first 1024 bytes). */
export function decodeBody(bytes: Buffer, contentType: string): string {
	const inPage = /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{1,40})/i.exec(bytes.toString("latin1", 0, 1024))?.[1];
	const label = /charset\s*=\s*"?([\w-]{1,40})/i.exec(contentType)?.[1] ?? inPage ?? "utf-8";
	try {
		return new TextDecoder(label).decode(bytes);
	} catch (error) {
		if (error instanceof RangeError) {
			return new TextDecoder().decode(bytes);
		}
		throw error;
	}
}

/** Why a request failed, from the deepest cause that says something. */
function reasonOf(error: unknown): string {
	let reason = error;
	while (reason instanceof Error && reason.cause instanceof Error) {
		reason = reason.cause;
	}
	return reason instanceof Error ? reason.message : String(reason);
}

/**
 * Fetches a page through the guard of connections: 5 MB and 30 seconds at most. Redirects are followed by hand and only where they
 * stay with the same server; others are given back. Rejects with `ToolInputError` for the model, or where the signal says so.
 */
export async function fetchPage(way: EgressWay, start: URL, signal: AbortSignal): Promise<FetchedPage | PageElsewhere> {
	const timeout = AbortSignal.timeout(timeoutMs);
	let url = start;
	try {
		for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
			const response = await way.fetch(url, {
				redirect: "manual",
				signal: AbortSignal.any([signal, timeout]),
				headers: {
					accept: "text/markdown, text/html;q=0.9, text/plain;q=0.8, application/json;q=0.8, */*;q=0.1",
					"user-agent": "opta-web-fetch/1 (on behalf of a person)",
				},
			});
			const location = response.headers.get("location");
			if (response.status < 300 || response.status >= 400 || location === null) {
				return await readPage(response, url);
			}
			await response.body?.cancel();
			const next = new URL(location, url);
			if (!staysThere(url, next)) {
				return { elsewhere: next };
			}
			url = next;
		}
	} catch (error) {
		signal.throwIfAborted();
		if (error instanceof ToolInputError) {
			throw error;
		}
		throw new ToolInputError(
			timeout.aborted ? `${url.origin} did not answer within ${timeoutMs / 1000} seconds.` : `${url.href}: ${reasonOf(error)}`,
		);
	}
	throw new ToolInputError(`${start.href} redirects more than ${maxRedirects} times.`);
}

async function readPage(response: PageResponse, url: URL): Promise<FetchedPage> {
	const header = (response.headers.get("content-type") ?? "").toLowerCase();
	const contentType = header.replace(/;.*$/, "").trim();
	if (contentType !== "" && !textTypes.test(contentType)) {
		await response.body?.cancel();
		throw new ToolInputError(`${url.href} is ${contentType}, not text. Use run_command to download it where the user wants that.`);
	}
	const { bytes, isCut } = await readBody(response);
	if (contentType === "" && bytes.subarray(0, 1024).includes(0)) {
		throw new ToolInputError(`${url.href} is not text.`);
	}
	return { url, status: response.status, contentType, text: decodeBody(bytes, header), isCut };
}
