import type { Duplex } from "node:stream";
import type { HostPublicKey } from "@opta/contracts/schema/host-claim";
import type { LinkHello } from "@opta/contracts/schema/link";
import type { WebSocket } from "ws";

/** Why a link is over. `replaced`: the same device joined anew; `lost`: the connection broke or went silent; `broken`: the other end did not keep to the protocol. */
export interface LinkEnd {
	readonly cause: "closed" | "replaced" | "revoked" | "lost" | "broken";
	readonly message: string;
}

/** One end of a link between a host and a device: many byte streams, each with its own flow control, over one encrypted WebSocket. */
export interface Link {
	/**
	 * Opens a stream to the other end. It is destroyed with an error when the link ends or has as many streams as it may.
	 * HTTP runs on it as on a socket: undici's `Pool` with a `connect` that hands the stream on in a later turn (never at
	 * once: undici 8 would wait for ever), `node:http` with `createConnection` (also for upgrades), `ws` likewise, and at
	 * the other end `server.emit("connection", stream)`.
	 */
	openStream(): Duplex;
	streamCount(): number;
	/** Settles once; all streams are destroyed then. */
	readonly ended: Promise<LinkEnd>;
	close(end: LinkEnd): void;
}

/** A private P-256 key as JWK. */
export type LinkKey = HostPublicKey & { readonly d: string };

/** What the host's end is opened with, after it admitted the ticket. */
export interface AcceptLinkOptions {
	readonly socket: WebSocket;
	readonly hostId: string;
	readonly hostKey: LinkKey;
	/** Of the ticket: which device, and the thumbprint of its key (`cnf.jkt`). */
	readonly deviceId: string;
	readonly keyThumbprint: string;
	/** For the whole handshake; 10 s unless given. */
	readonly timeoutMs?: number;
	/** How often a sign of life is asked for; 25 s unless given. */
	readonly heartbeatMs?: number;
}

/** A link with what the device said of itself, or why there is none; the socket is closed then. */
export type AcceptedLink =
	| { readonly ok: true; readonly link: Link; readonly hello: LinkHello }
	| { readonly ok: false; readonly reason: string };

/** What the device's end is opened with. */
export interface JoinLinkOptions {
	/** Origin of the host's door or link listener; `http` only for addresses of the host's own network. */
	readonly url: string;
	/** For `linkPath`, from accounts, just now. */
	readonly ticket: string;
	readonly hostId: string;
	/** As accounts tells it: a host that cannot sign with it is another one. */
	readonly hostKey: HostPublicKey;
	readonly deviceId: string;
	readonly deviceKey: LinkKey;
	readonly hello: LinkHello;
	/** A stream that the host opened. */
	readonly onStream: (stream: Duplex) => void;
	/** For connecting and the handshake together. */
	readonly timeoutMs: number;
	/** Ends the attempt, and the link later. */
	readonly signal: AbortSignal;
	/** How often a sign of life is asked for; 25 s unless given. */
	readonly heartbeatMs?: number;
}

/** A link, or why there is none. `refused`: the host answered and said no; `impostor`: it is not the host it should be. */
export type JoinedLink =
	| { readonly ok: true; readonly link: Link }
	| { readonly ok: false; readonly cause: "unreachable" | "refused" | "impostor"; readonly message: string };
