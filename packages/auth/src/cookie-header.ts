/** One cookie of a request, as sent. */
export interface RequestCookie {
	readonly name: string;
	readonly value: string;
}

/**
 * The cookies of a raw `Cookie` header (RFC 6265 §4.2.1) in the order sent, with repeated names kept:
 * parsers that build a map keep the first or the last of them, which is how two sites see two different people.
 */
export function parseCookieHeader(header: string | null | undefined): readonly RequestCookie[] {
	if (header === null || header === undefined) {
		return [];
	}
	return header
		.split(";")
		.map((pair) => pair.trim())
		.filter((pair) => pair.includes("="))
		.map((pair) => {
			const equals = pair.indexOf("=");
			return { name: pair.slice(0, equals).trimEnd(), value: pair.slice(equals + 1).trimStart() };
		});
}
