/** Names by which this computer's own programs and pages reach a listener on loopback. */
const loopbackHosts: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** True where the `Host` header names loopback: a foreign page whose name was pointed here (DNS rebinding) sends another one. */
export function isOwnHost(host: string | undefined): boolean {
	const name = /^(\[[0-9a-f:]+\]|[^:[\]@/?#\s]+)(?::\d{1,5})?$/i.exec(host ?? "")?.[1];
	return name !== undefined && loopbackHosts.has(name.toLowerCase());
}
