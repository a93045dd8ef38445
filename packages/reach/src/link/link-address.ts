import { BlockList, isIP } from "node:net";
import { linkPath } from "@opta/contracts/reach";

const ownNetworks = new BlockList();
for (const [network, prefix] of [
	["127.0.0.0", 8],
	["10.0.0.0", 8],
	["172.16.0.0", 12],
	["192.168.0.0", 16],
	["169.254.0.0", 16],
] as const) {
	ownNetworks.addSubnet(network, prefix, "ipv4");
}
for (const [network, prefix] of [
	["::1", 128],
	["fc00::", 7],
	["fe80::", 10],
] as const) {
	ownNetworks.addSubnet(network, prefix, "ipv6");
}

function isOfOwnNetwork(hostname: string): boolean {
	const address = hostname.replace(/^\[|\]$/g, "");
	const family = isIP(address);
	return family === 0 ? /(^|\.)(local|localhost)$/i.test(address) : ownNetworks.check(address, family === 6 ? "ipv6" : "ipv4");
}

/** Where the link of a host is opened: from its origin. Null where that is no origin, or `http` across the internet. */
export function linkAddress(origin: string): URL | null {
	const url = URL.parse(origin);
	if (url === null || (url.protocol !== "https:" && !(url.protocol === "http:" && isOfOwnNetwork(url.hostname)))) {
		return null;
	}
	const address = new URL(linkPath, url.origin);
	address.protocol = url.protocol === "https:" ? "wss:" : "ws:";
	return address;
}
