/** What a browser may tell the door. Cookies and everything about who asks stay here. */
const requestHeaders = ["accept", "content-type", "last-event-id", "idempotency-key"] as const;

/** What the door may tell a browser. */
const responseHeaders = ["content-type", "retry-after", "x-request-id"] as const;

/** Headers of the request to the door, with the pass. */
export function doorRequestHeaders(headers: Headers, pass: string): Record<string, string> {
	return { ...pick(requestHeaders, (name) => headers.get(name)), authorization: `Bearer ${pass}` };
}

/**
 * Headers of the answer to the browser. `no-transform` keeps Next.js from compressing, which would hold tokens back;
 * `X-Accel-Buffering` asks the same of proxies in front.
 */
export function browserResponseHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
	return {
		...pick(responseHeaders, (name) => headers[name]),
		"cache-control": "no-store, no-transform",
		"x-accel-buffering": "no",
	};
}

function pick(names: readonly string[], read: (name: string) => string | string[] | null | undefined): Record<string, string> {
	return Object.fromEntries(
		names.flatMap((name) => {
			const value = read(name);
			return typeof value === "string" ? [[name, value]] : [];
		}),
	);
}
