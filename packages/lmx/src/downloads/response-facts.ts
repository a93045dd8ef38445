import type { Dispatcher } from "undici";

type Response = Pick<Dispatcher.ResponseData, "statusCode" | "headers">;

/** The part of a file that a response brings (`Content-Range`, RFC 9110 §14.4); null when it brings the whole file. */
export function servedRange({ statusCode, headers }: Response): { readonly from: number; readonly totalBytes: number | null } | null {
	const header = headers["content-range"];
	const match = statusCode === 206 && typeof header === "string" ? /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(header) : null;
	return match === null ? null : { from: Number(match[1]), totalBytes: match[2] === "*" ? null : Number(match[2]) };
}

/** A validator that names these very bytes (RFC 9110 §8.8.1); null where the server gives none. */
export function strongValidator({ headers }: Response): string | null {
	const { etag } = headers;
	return typeof etag === "string" && !etag.startsWith("W/") ? etag : null;
}

/** The stated length of the body in bytes; null where it is not stated. */
export function statedLength({ headers }: Response): number | null {
	const length = headers["content-length"];
	return typeof length === "string" && /^\d+$/.test(length) ? Number(length) : null;
}
