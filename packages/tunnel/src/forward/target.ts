import type { Duplex } from "node:stream";
import type { ErrorCode } from "@opta/contracts/error-codes";
import type { Dispatcher } from "undici";

/** A server that the door sends admitted requests to, over loopback or over a link. */
export interface Target {
	/** For people, at the beginning of a sentence. */
	readonly title: string;
	/** `Host` for it. */
	readonly authority: string;
	readonly dispatcher: Dispatcher;
	/** Opens a connection of its own, on which a WebSocket is asked for; it fails by itself when there is none. */
	readonly openConnection: () => Duplex;
	/** What a client is told when it does not answer. */
	readonly unreachable: { readonly code: ErrorCode; readonly message: string };
}
