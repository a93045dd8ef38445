/** Where a program reaches a route of accounts: the address, and headers that go along. */
export interface AccountsUrl {
	readonly url: URL;
	readonly headers: Readonly<Record<string, string>>;
}

/** Node does not resolve names under `.localhost` (RFC 6761 §6.3): they are loopback, and the name goes along as `Host`. */
export function accountsUrl(origin: string, path: string): AccountsUrl {
	const url = new URL(path, origin);
	if (!url.hostname.endsWith(".localhost")) {
		return { url, headers: {} };
	}
	const { host } = url;
	url.hostname = "127.0.0.1";
	return { url, headers: { host } };
}
