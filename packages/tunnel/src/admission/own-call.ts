import { type SelfNonces, selfPath } from "../cloudflared/self-nonces.ts";
import type { RequestHead } from "./admission-rules.ts";

/** True where this host called itself through its tunnel, with a number that only it knows; to everybody else the path is none. */
export function isOwnCall({ method, target, headers }: RequestHead, nonces: SelfNonces): boolean {
	const [line = "", ...more] = headers.authorization ?? [];
	const nonce = /^Bearer ([\w-]{43})$/.exec(line)?.[1];
	return method === "GET" && target === selfPath && more.length === 0 && nonce !== undefined && nonces.take(nonce);
}
