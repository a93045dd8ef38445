/** Longer texts are no pass of ours. */
const maxPassChars = 4096;

/**
 * Takes the pass out of the `Authorization` headers of a request (RFC 6750 §2.1). Null unless there is exactly one
 * such header and it has the form of a signed token: two of them may mean different things to different programs.
 */
export function bearerPass(authorization: readonly string[] | undefined): string | null {
	const [value, ...more] = authorization ?? [];
	if (value === undefined || more.length > 0 || value.length > maxPassChars) {
		return null;
	}
	return /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(value)?.[1] ?? null;
}
