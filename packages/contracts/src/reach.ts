/** Path of the WebSocket by which a device's daemon joins its host. */
export const linkPath = "/link";

/** Sub-protocol of that WebSocket. */
export const linkProtocol = "opta.link.v1";

/** `typ` of the device's signed message when a link begins. */
export const linkJoinType = "link-join+jwt";
/** `typ` of the host's signed answer. */
export const linkAcceptType = "link-accept+jwt";

/** Path at the door of the caller's own devices that are joined to the host; `/peers/<deviceId>/v3/…` is the daemon there. */
export const peersPath = "/peers";

/** Header of a request to a device's daemon: the pass for the device, beside the pass for the host in `Authorization`. */
export const devicePassHeader = "x-opta-device-pass";

/**
 * Header of the same request: the proof that exactly this request, its query and body among it, comes from the holder of
 * that pass (DPoP, RFC 9449), so that a host which relays it can neither change it nor use the pass for another.
 */
export const deviceProofHeader = "dpop";

/** Header by which a page names the device that runs the daemon beside a host, so that the site takes a pass for it. */
export const deviceIdHeader = "x-opta-device-id";

/** Prefixes of the WebSocket sub-protocols that carry tickets (never in the address): for the host, and for the device behind it. */
export const ticketProtocolPrefix = "opta.ticket.";
/** For the device behind the host. */
export const deviceTicketProtocolPrefix = "opta.device-ticket.";

/** Sub-protocol of `WS /v1/chat/stream` at the door: beside a ticket, a server needs something else to choose. */
export const chatSocketProtocol = "opta.chat.v1";

/** What the owner of a device may allow to happen from elsewhere: follow sessions; answer permissions and cancel; start turns and change sessions. */
export const remoteGrants = ["see", "approve", "turns"] as const;

/** One of these. */
export type RemoteGrant = (typeof remoteGrants)[number];

/** Path at accounts where a host asks to be claimed. */
export const hostClaimPath = "/api/host/claim";

/** Path at accounts where it asks whether somebody did. */
export const hostClaimTokenPath = "/api/host/claim/token";

/** Path at accounts where a host says where it is. */
export const hostPresencePath = "/api/host/presence";

/** Path at accounts of the hosts that a device's person may use, and where each is. */
export const deviceHostsPath = "/api/device/hosts";
