import { isIPv4, isIPv6 } from "node:net";

/** The first four groups of an IPv6 address, written out. */
function prefixOfIpv6(address: string): string {
	const [head = "", tail] = address.toLowerCase().split("::");
	const front = head === "" ? [] : head.split(":");
	const back = tail === undefined || tail === "" ? [] : tail.split(":");
	const gap = tail === undefined ? 0 : 8 - front.length - back.length;
	return [...front, ...Array.from({ length: gap }, () => "0"), ...back]
		.slice(0, 4)
		.map((group) => Number.parseInt(group, 16).toString(16))
		.join(":");
}

/**
 * The network that a request comes from, as `203.0.113.0/24` or `2001:db8:0:1::/64`: enough to tell places apart, and one
 * household is one. Read from the header that the deployment's own proxy overwrites; without such a header (on one's own
 * machine) nobody's word is taken: null.
 */
export function clientNetwork(headers: Headers, trustedHeader: string | null): string | null {
	const address = trustedHeader === null ? undefined : headers.get(trustedHeader)?.split(",").at(-1)?.trim();
	if (address === undefined) {
		return null;
	}
	const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
	if (isIPv4(mapped)) {
		return `${mapped.split(".").slice(0, 3).join(".")}.0/24`;
	}
	return isIPv6(address) && !address.includes(".") ? `${prefixOfIpv6(address)}::/64` : null;
}
