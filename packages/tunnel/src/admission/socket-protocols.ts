import { isSignedToken } from "@opta/contracts/pass";
import { deviceTicketProtocolPrefix, ticketProtocolPrefix } from "@opta/contracts/reach";
import type { HeaderLines } from "./admission-rules.ts";

/** What the opening of a WebSocket offers (RFC 6455 §4.1). */
export interface OfferedProtocols {
	/** For the host. */
	readonly ticket: string;
	/** For the device behind it. */
	readonly deviceTicket: string | null;
	readonly names: readonly string[];
}

/** RFC 6455 §4.1: a token of RFC 2616. */
const token = /^[!#$%&'*+.^_`|~\w-]+$/;
const maxNames = 4;

/**
 * Takes the tickets out of the sub-protocols, where they travel because a browser can set no header, and an address would
 * be logged. Null unless there is one header line of at most six distinct protocols, one ticket, and at most one for a device.
 */
export function readSocketProtocols(lines: HeaderLines[string]): OfferedProtocols | null {
	const [line, ...more] = lines ?? [];
	const offered = (line ?? "").split(",").map((name) => name.trim());
	if (more.length > 0 || !offered.every((name) => token.test(name)) || new Set(offered).size !== offered.length) {
		return null;
	}
	const behind = (prefix: string): readonly string[] =>
		offered.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
	const [ticket, ...otherTickets] = behind(ticketProtocolPrefix);
	const [deviceTicket = null, ...otherDeviceTickets] = behind(deviceTicketProtocolPrefix);
	const names = offered.filter((name) => !name.startsWith(ticketProtocolPrefix) && !name.startsWith(deviceTicketProtocolPrefix));
	const isClear = otherTickets.length === 0 && otherDeviceTickets.length === 0 && names.length <= maxNames;
	if (ticket === undefined || !isClear || !isSignedToken(ticket) || (deviceTicket !== null && !isSignedToken(deviceTicket))) {
		return null;
	}
	return { ticket, deviceTicket, names };
}
