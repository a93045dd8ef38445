/**
 * Where a process sends a request for a public origin: names under `.localhost` are loopback, which browsers know and
 * Node does not (RFC 6761, 6.3), so the name goes along as `Host`.
 */
export function placeOfOrigin(origin: string): { readonly base: string; readonly headers: Readonly<Record<string, string>> } {
	const url = new URL(origin);
	if (!url.hostname.endsWith(".localhost")) {
		return { base: url.origin, headers: {} };
	}
	const { host } = url;
	url.hostname = "127.0.0.1";
	return { base: url.origin, headers: { host } };
}
