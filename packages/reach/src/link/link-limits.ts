/** From the opened socket to the agreed keys, at the host. */
export const defaultHandshakeTimeoutMs = 10_000;

/** How often a sign of life is asked for; less than proxies wait before they cut a silent connection. */
export const defaultHeartbeatMs = 25_000;

/** Signs of life that may be missed in a row. */
export const mostMissedHeartbeats = 2;

/** Payload of one data frame at most: so much of one stream goes before the next one has its turn. */
export const mostPayloadBytes = 16_384;

/** What a stream may have under way before its reader took some. */
export const streamWindowBytes = 262_144;

/** Each data frame counts so much more than its payload against the window: what a frame costs who keeps it, so that many tiny ones cannot fill the memory either. */
export const frameCostBytes = 128;

/** Streams at a time, whoever opened them. */
export const mostStreams = 256;

/** One message of the socket: type, stream, payload and the tag of the encryption, or a message of the handshake. */
export const mostMessageBytes = mostPayloadBytes + 64;

/** Data waits in its streams once so much waits in the socket, so that a short message is never behind much of another stream. */
export const mostQueuedBytes = 32_768;

/** What may come before the handshake is done; the first frames may come along with its last message. */
export const mostEarlyBytes = 262_144;

/** A link whose other end reads nothing while it goes on asking is given up here. */
export const mostUnreadBytes = 4_194_304;

/** What both ends open their WebSocket with (options of `ws`). Its own pings stay unanswered, since nothing bounds how many there are; the link has its own. */
export const linkSocketOptions = { maxPayload: mostMessageBytes, perMessageDeflate: false, autoPong: false } as const;
