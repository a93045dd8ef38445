/** Life of a pass in seconds; hosts refuse anything longer. */
export const passLifetimeSeconds = 60;

/** The only signature algorithm of passes, of statements about their keys and of hosts' assertions. */
export const passAlgorithm = "ES256";

/** `typ` of a pass, so that no other token of accounts is taken for one (RFC 8725 §3.11). */
export const passType = "pass+jwt";

/** `typ` of accounts' statement about the keys of passes. */
export const passKeysType = "pass-keys+jwt";

/** A statement about keys that is older is not taken. */
export const passKeysLifetimeSeconds = 300;

/** `typ` of the assertion by which a host shows accounts that it is that host. */
export const hostAssertionType = "host-assertion+jwt";

/** Audience of that assertion. */
export const hostAssertionAudience = "accounts";

/** Life of an assertion in seconds; accounts refuses anything longer, and takes each once. */
export const hostAssertionLifetimeSeconds = 60;

/** `typ` of a ticket: a pass for one opening of one path from one origin. */
export const ticketType = "ticket+jwt";

/** Life of a ticket in seconds. */
export const ticketLifetimeSeconds = 30;

/** Path at accounts of its statements about the keys of passes. */
export const passKeysPath = "/api/pass/keys";

/** Path at accounts of a host's list of revoked passes. */
export const passRevocationsPath = "/api/pass/revocations";

/** Longer texts are no pass or ticket of ours. */
const longestTokenChars = 4096;

/** True for a text that has the form of a signed token (compact JWS, RFC 7515 §7.1) and could be a pass or ticket. */
export function isSignedToken(text: string): boolean {
	return text.length <= longestTokenChars && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text);
}

/** Audience of a pass for a host, and what the host calls itself in its assertions. */
export function hostAudience(hostId: string): string {
	return `host:${hostId}`;
}

/** Audience of a pass for a device. */
export function deviceAudience(deviceId: string): string {
	return `device:${deviceId}`;
}
