import type { CookieOptions } from "@supabase/ssr";

const sameSiteValues = { strict: "Strict", lax: "Lax", none: "None" } as const;

function sameSite(value: CookieOptions["sameSite"]): string | null {
	if (value === undefined || value === false) {
		return null;
	}
	return sameSiteValues[value === true ? "strict" : value];
}

/** Writes a `Set-Cookie` line (RFC 6265 §4.1.1). The value must already be of cookie characters, as base64url is. */
export function serializeCookie(name: string, value: string, options: CookieOptions): string {
	const parts = [`${name}=${value}`, `Path=${options.path ?? "/"}`];
	if (options.domain !== undefined) {
		parts.push(`Domain=${options.domain}`);
	}
	if (options.maxAge !== undefined) {
		parts.push(`Max-Age=${options.maxAge}`);
	}
	if (options.secure) {
		parts.push("Secure");
	}
	if (options.httpOnly) {
		parts.push("HttpOnly");
	}
	const mode = sameSite(options.sameSite);
	if (mode !== null) {
		parts.push(`SameSite=${mode}`);
	}
	return parts.join("; ");
}
