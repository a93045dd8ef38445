import type { IncomingMessage } from "node:http";

/**
 * True when a `Host` header names this machine's loopback (a literal, `localhost` or a name under it) and the port we
 * listen on. Any other name points here only because somebody made it do so (DNS rebinding).
 */
export function isOwnLoopbackHost(host: string | undefined, port: number): boolean {
	const match = /^(?<name>\[::1\]|[a-z0-9.-]+)(?::(?<port>\d{1,5}))?$/i.exec(host ?? "");
	const name = match?.groups?.name?.toLowerCase();
	if (name === undefined || Number(match?.groups?.port ?? 80) !== port) {
		return false;
	}
	return name === "127.0.0.1" || name === "[::1]" || name === "localhost" || name.endsWith(".localhost");
}

/** Why a request is not for the people of this machine, or null when it is. */
export function refusal(request: IncomingMessage): string | null {
	const port = request.socket.localPort;
	if (port === undefined || !isOwnLoopbackHost(request.headers.host, port)) {
		return "This server answers to loopback names and its own port only.";
	}
	return null;
}
