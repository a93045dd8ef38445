import { lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { isPublicAddress } from "@opta/contracts/public-address";

/** The error of a name that leads nowhere on the internet. */
function notPublic(hostname: string): NodeJS.ErrnoException {
	return Object.assign(new Error(`${hostname} leads to no address of the internet.`), { code: "EACCES" });
}

/**
 * Looks a name up for the connection that is about to be made, and answers addresses of the internet alone: a host names
 * the address of its door itself, and must not lead this server into the network that it stands in.
 */
export const lookupPublic: LookupFunction = (hostname, options, callback) => {
	lookup(hostname, { ...options, all: true }, (error, found) => {
		const [first, ...others] = error === null ? found.filter(({ address }) => isPublicAddress(address)) : [];
		if (first === undefined) {
			callback(error ?? notPublic(hostname), []);
		} else if (options.all === true) {
			callback(null, [first, ...others]);
		} else {
			callback(null, first.address, first.family);
		}
	});
};

/** False for an address as such that is not of the internet; names are looked at when they are looked up. */
export function mayBePublic(hostname: string): boolean {
	const address = hostname.replace(/^\[|\]$/g, "");
	return isIP(address) === 0 || isPublicAddress(address);
}
