import { mayBePublic } from "./lookup-public.ts";

/** Address of a host's door: its origin, without a slash at the end. */
export type DoorUrl = string;

/** `URL` has written IPv4 addresses out as four numbers. All of 127.0.0.0/8 is this machine (RFC 1122 §3.2.1.3). */
const loopbackName = /^(?:127(?:\.\d{1,3}){3}|\[::1\]|localhost)$/;

/**
 * Reads the door's address from a row of `hosts`. A pass goes there, so it has to be https, or loopback where the
 * platform runs on one machine. Elsewhere an address as such has to be of the internet.
 * @returns null for any other address
 */
export function parseDoorUrl(text: string | null, platformIsLocal: boolean): DoorUrl | null {
	if (text === null || !URL.canParse(text)) {
		return null;
	}
	const url = new URL(text);
	const plain = url.username === "" && url.password === "" && url.pathname === "/" && url.search === "" && url.hash === "";
	const trusted =
		url.protocol === "https:"
			? platformIsLocal || mayBePublic(url.hostname)
			: url.protocol === "http:" && platformIsLocal && loopbackName.test(url.hostname);
	return plain && trusted ? url.origin : null;
}
