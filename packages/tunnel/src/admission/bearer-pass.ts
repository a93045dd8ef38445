import type { HeaderLines } from "./admission-rules.ts";

/** Longer texts are no pass of ours. */
const maxPassChars = 4096;

const signedToken = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** True for a text that has the form of a signed token (RFC 7515 §7.1) and could be one of ours. */
export function isSignedToken(text: string): boolean {
	return text.length <= maxPassChars && signedToken.test(text);
}

/** The pass of a header that holds nothing else. Null unless it came exactly once: two may mean different things to different programs. */
export function singlePass(lines: HeaderLines[string]): string | null {
	const [value, ...more] = lines ?? [];
	return value !== undefined && more.length === 0 && isSignedToken(value) ? value : null;
}

/** Takes the pass out of the `Authorization` headers of a request (RFC 6750 §2.1); null as in `singlePass`. */
export function bearerPass(authorization: HeaderLines[string]): string | null {
	const [value, ...more] = authorization ?? [];
	return more.length === 0 ? singlePass(/^Bearer (\S+)$/i.exec(value ?? "")?.slice(1)) : null;
}
