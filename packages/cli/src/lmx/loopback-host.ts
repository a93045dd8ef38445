import { isIP } from "node:net";

/** True for an address that means this computer. */
export function isLoopbackHost(host: string): boolean {
	const name = host.toLowerCase();
	return name === "localhost" || name.endsWith(".localhost") || name === "::1" || (isIP(name) === 4 && name.startsWith("127."));
}
