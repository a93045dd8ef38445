import { placeOfOrigin } from "@opta/contracts/origin-place";
import type { VaultHttp } from "@opta/vault/client/vault-http";
import { type Dispatcher, request } from "undici";

const timeoutMs = 15_000;

/** Calls accounts as the person whose access token this is; past the process's own connections where a dispatcher is given. */
export function accountsHttp(origin: string, accessToken: string, dispatcher?: Dispatcher): VaultHttp {
	const { base, headers } = placeOfOrigin(origin);
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
