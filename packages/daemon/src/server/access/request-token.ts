import { daemonSocketTokenPrefix } from "@opta/contracts/daemon-protocol";

/** The token of a request: a bearer (RFC 6750), or of a WebSocket its sub-protocol. Never of the address. Null without one. */
export function tokenOf(headers: Readonly<Record<string, string | string[] | undefined>>, isUpgrade: boolean): string | null {
	const { authorization, "sec-websocket-protocol": protocols } = headers;
	const bearer = typeof authorization === "string" ? /^Bearer ([\w.~+/=-]{1,4096})$/i.exec(authorization)?.[1] : undefined;
	if (bearer !== undefined || !isUpgrade || typeof protocols !== "string") {
		return bearer ?? null;
	}
	const offered = protocols.split(",").map((protocol) => protocol.trim());
	const carrying = offered.find((protocol) => protocol.startsWith(daemonSocketTokenPrefix));
	return carrying?.slice(daemonSocketTokenPrefix.length) ?? null;
}
