import { BlockList, isIP } from "node:net";

/** Where LMX is. */
export interface LmxAddress {
	readonly host: string;
	readonly port: number;
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** True for an IP address of this computer's own loopback (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3), also where IPv4 is written as IPv6. */
export function isLoopbackAddress(address: string): boolean {
	const family = isIP(address);
	return family !== 0 && loopback.check(address, family === 4 ? "ipv4" : "ipv6");
}

/** A host name without the brackets of IPv6 and the dot of a full name, in small letters. */
export function plainHost(host: string): string {
	return host
		.replace(/^\[|\]$/g, "")
		.replace(/\.$/, "")
		.toLowerCase();
}

/** Why an address may be reached with "local only"; null where it may not. Nothing is looked up. */
export function localReason(host: string, port: number, lmx: LmxAddress | null): "loopback" | "lmx" | null {
	const name = plainHost(host);
	if (lmx !== null && name === plainHost(lmx.host) && port === lmx.port) {
		return "lmx";
	}
	// RFC 6761 §6.3: names under "localhost" are this computer. What they resolve to is checked again when connecting.
	return name === "localhost" || name.endsWith(".localhost") || isLoopbackAddress(name) ? "loopback" : null;
}
