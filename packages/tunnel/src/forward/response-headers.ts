/** What the target may tell a client. Cookies, CORS grants, redirects and hop-by-hop headers are not among it. */
const allowed = [
	"content-type",
	"content-length",
	"content-encoding",
	"cache-control",
	"etag",
	"last-modified",
	"retry-after",
	"x-accel-buffering",
] as const;

/** Headers of the answer to the client. Answers of a host are private: nothing between may keep them unless the target says so. */
export function clientHeaders(
	targetAnswer: Readonly<Record<string, string | readonly string[] | undefined>>,
	requestId: string,
): Record<string, string> {
	const headers: Record<string, string> = { "cache-control": "private, no-store", "x-content-type-options": "nosniff" };
	for (const name of allowed) {
		const value = targetAnswer[name];
		if (typeof value === "string") {
			headers[name] = value;
		}
	}
	headers["x-request-id"] = requestId;
	return headers;
}
