import { createHash } from "node:crypto";

const inlineScript = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi;

/** The CSP sources (`'sha256-…'`) of a page's inline scripts, each once, in the order of the page. */
export function inlineScriptHashes(html: string): readonly string[] {
	const hashes = new Set<string>();
	for (const [, code = ""] of html.matchAll(inlineScript)) {
		hashes.add(`'sha256-${createHash("sha256").update(code, "utf8").digest("base64")}'`);
	}
	return [...hashes];
}

/**
 * Puts a policy into a page, in front of everything that it governs. Directives that a `<meta>` cannot carry
 * (`frame-ancestors`) have to be sent as a header.
 * @throws {RangeError} when the page has no head, or a policy already.
 */
export function withPolicy(html: string, policy: string): string {
	if (/http-equiv="Content-Security-Policy"/i.test(html)) {
		throw new RangeError("The page has a policy already; build it afresh.");
	}
	const head = /<head[^>]*>(?:<meta charset="[^"]*"\s*\/?>)?/i.exec(html);
	if (head === null) {
		throw new RangeError("The page has no <head>.");
	}
	const end = head.index + head[0].length;
	return `${html.slice(0, end)}<meta http-equiv="Content-Security-Policy" content="${policy}"/>${html.slice(end)}`;
}
