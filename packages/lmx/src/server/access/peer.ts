import { BlockList, isIPv6, type Socket } from "node:net";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

function plain(address: string): string {
	return address.replace(/^::ffff:(?=\d+\.)/i, "");
}

/** True for an address that only this machine can send from and to. */
export function isLoopbackAddress(address: string): boolean {
	const bare = plain(address);
	return loopback.check(bare, isIPv6(bare) ? "ipv6" : "ipv4");
}

/** True for a name or an address to bind to that no other machine reaches. */
export function isLoopbackBind(host: string): boolean {
	return host === "localhost" || isLoopbackAddress(host);
}

/**
 * True when both ends of a connection are on loopback: a program of this machine, among them the tunnel door and
 * native-host, which check their own callers. Headers are never asked.
 */
export function isLocalPeer({ remoteAddress, localAddress }: Pick<Socket, "remoteAddress" | "localAddress">): boolean {
	return remoteAddress !== undefined && localAddress !== undefined && isLoopbackAddress(remoteAddress) && isLoopbackAddress(localAddress);
}

/** Names a client for limits: its address, or the network of 2^64 addresses that one IPv6 subscriber has. */
export function addressKey(address: string | undefined): string {
	const bare = plain(address ?? "");
	if (!isIPv6(bare)) {
		return bare;
	}
	const [head = "", tail] = (bare.split("%", 1)[0] ?? "").toLowerCase().split("::");
	const groups = head === "" ? [] : head.split(":");
	const tailGroups = tail === undefined || tail === "" ? [] : tail.split(":");
	const zeros = tail === undefined ? 0 : 8 - groups.length - tailGroups.length;
	const all = [...groups, ...Array.from({ length: zeros }, () => "0"), ...tailGroups];
	return `${all
		.slice(0, 4)
		.map((group) => Number.parseInt(group, 16).toString(16))
		.join(":")}::/64`;
}
