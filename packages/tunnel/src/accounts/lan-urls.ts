import type { NetworkInterfaceInfo } from "node:os";

const mostUrls = 8;
/** Addresses that other machines of the network cannot use as they stand: link-local ones need a zone, 100.64.0.0/10 is no LAN. */
const unusable = /^(?:169\.254\.|fe[89ab][\da-f]:|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/i;

/** Addresses of a port of this machine as others of its network reach it, IPv4 first. */
export function lanUrls(port: number, interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): readonly string[] {
	const addresses = Object.values(interfaces)
		.flatMap((list) => list ?? [])
		.filter(({ internal, address }) => !internal && !unusable.test(address));
	const urls = ["IPv4", "IPv6"].flatMap((family) =>
		addresses.filter((one) => one.family === family).map(({ address }) => `http://${family === "IPv6" ? `[${address}]` : address}:${port}`),
	);
	return [...new Set(urls)].slice(0, mostUrls);
}
