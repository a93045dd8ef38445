import type { VaultHttp } from "@opta/vault/client/vault-http";
import { type Dispatcher, request } from "undici";

const timeoutMs = 15_000;

/** Where a request for an origin goes: names under `.localhost` are loopback, which browsers know and Node does not (RFC 6761, 6.3). */
function placeOf(origin: string): { readonly base: string; readonly headers: Record<string, string> } {
	const url = new URL(origin);
	if (!url.hostname.endsWith(".localhost")) {
		return { base: url.origin, headers: {} };
	}
	const { host } = url;
	url.hostname = "127.0.0.1";
	return { base: url.origin, headers: { host } };
}

/** Calls accounts as the person whose access token this is; past the process's own connections where a dispatcher is given. */
export function accountsHttp(origin: string, accessToken: string, dispatcher?: Dispatcher): VaultHttp {
	const { base, headers } = placeOf(origin);
	return async (method, path, body) => {
		const response = await request(`${base}${path}`, {
			method,
			...(dispatcher === undefined ? {} : { dispatcher }),
			headers: {
				...headers,
				authorization: `Bearer ${accessToken}`,
				...(body === undefined ? {} : { "content-type": "application/json" }),
			},
			body: body === undefined ? null : JSON.stringify(body),
			signal: AbortSignal.timeout(timeoutMs),
		});
		return { status: response.statusCode, body: await response.body.json() };
	};
}
