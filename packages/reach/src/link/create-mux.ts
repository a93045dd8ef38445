import type { Duplex } from "node:stream";
import { encodeFrame, type Frame, type ResetReason } from "./frame.ts";
import { mostStreams } from "./link-limits.ts";
import { LinkStream, type StreamPort } from "./link-stream.ts";

/** What streams are multiplexed over: whole messages, in order, none lost. */
export interface MuxTransport {
	/** Sends one message; it is not copied. */
	readonly send: (message: Buffer) => void;
	/** False while so much waits to be sent that streams should wait. */
	readonly hasRoom: () => boolean;
}

/** What a mux needs. */
export interface MuxOptions {
	readonly transport: MuxTransport;
	/** The device's streams have odd numbers, the host's even ones. */
	readonly side: "host" | "device";
	/** A stream that the other end opened; null: this end takes none. */
	readonly onStream: ((stream: Duplex) => void) | null;
}

/** Many streams over one transport. */
export interface Mux {
	readonly openStream: () => Duplex;
	readonly streamCount: () => number;
	/** A frame of a stream came. Says what is wrong with it, null for nothing; then the link must end. */
	readonly receive: (frame: StreamFrame) => string | null;
	/** The transport has room again. */
	readonly resume: () => void;
	/** Destroys all streams; none are opened any more. */
	readonly end: (error: Error) => void;
}

/** The frames that are about a stream. */
export type StreamFrame = Extract<Frame, { readonly streamId: number }>;

const resetTexts: Readonly<Record<ResetReason, string>> = {
	cut: "The other end cut the stream.",
	tooMany: `The link has ${mostStreams} streams already. Try again when some of them are done.`,
	notTaken: "The other end takes no streams.",
};

const highestStreamId = 0xffff_ffff;

function streamError(code: string, message: string): Error {
	return Object.assign(new Error(message), { code });
}

/**
 * Makes the multiplexer of one end. Each stream has a window of its own, so a slow reader holds up its own stream only
 * and never costs more memory than its window; streams that have something to send take turns, a frame each.
 */
export function createMux({ transport, side, onStream }: MuxOptions): Mux {
	const streams = new Map<number, LinkStream>();
	/** Those that have something to send and may; in the order of their turns. */
	const turns = new Map<LinkStream, number>();
	const ownFirst = side === "device" ? 1 : 2;
	let nextId = ownFirst;
	let highestOther = 0;
	let endedBy: Error | null = null;
	let isPumping = false;

	function pump(): void {
		if (isPumping) {
			return;
		}
		isPumping = true;
		while (transport.hasRoom()) {
			const [next] = turns;
			if (next === undefined) {
				break;
			}
			const [stream, streamId] = next;
			turns.delete(stream);
			stream.takeTurn((payload) => transport.send(encodeFrame({ type: "data", streamId, payload })));
			if (stream.canSend()) {
				turns.set(stream, streamId);
			}
		}
		isPumping = false;
	}

	function addStream(streamId: number): LinkStream {
		const port: StreamPort = {
			wantsTurn: (stream) => {
				turns.set(stream, streamId);
				pump();
			},
			sendCredit: (bytes) => transport.send(encodeFrame({ type: "credit", streamId, bytes })),
			sendEnd: () => transport.send(encodeFrame({ type: "end", streamId })),
			left: (stream, isCut) => {
				turns.delete(stream);
				if (streams.delete(streamId) && isCut && endedBy === null) {
					transport.send(encodeFrame({ type: "reset", streamId, reason: "cut" }));
				}
			},
		};
		const stream = new LinkStream(port);
		streams.set(streamId, stream);
		return stream;
	}

	function refused(error: Error): LinkStream {
		const nothing = (): void => undefined;
		return new LinkStream({ wantsTurn: nothing, sendCredit: nothing, sendEnd: nothing, left: nothing }).destroy(error);
	}

	function receiveOpen(streamId: number): string | null {
		if (streamId % 2 === ownFirst % 2 || streamId <= highestOther) {
			return `stream ${streamId} cannot be opened`;
		}
		highestOther = streamId;
		if (onStream === null || streams.size >= mostStreams) {
			transport.send(encodeFrame({ type: "reset", streamId, reason: onStream === null ? "notTaken" : "tooMany" }));
		} else {
			onStream(addStream(streamId));
		}
		return null;
	}

	/** A frame may cross the reset of its stream; one of a stream that never was is wrong. */
	function wasOpened(streamId: number): boolean {
		return streamId % 2 === ownFirst % 2 ? streamId < nextId : streamId <= highestOther;
	}

	return {
		openStream() {
			if (endedBy !== null) {
				return refused(endedBy);
			}
			if (streams.size >= mostStreams || nextId > highestStreamId) {
				return refused(streamError("ERR_LINK_STREAMS", resetTexts.tooMany));
			}
			const streamId = nextId;
			nextId += 2;
			transport.send(encodeFrame({ type: "open", streamId }));
			return addStream(streamId);
		},
		streamCount: () => streams.size,
		receive(frame) {
			const { streamId } = frame;
			if (frame.type === "open") {
				return receiveOpen(streamId);
			}
			const stream = streams.get(streamId);
			if (stream === undefined) {
				return wasOpened(streamId) ? null : `stream ${streamId} was never opened`;
			}
			switch (frame.type) {
				case "data":
					return stream.receiveData(frame.payload) ? null : `stream ${streamId} got data that it may not get`;
				case "end":
					return stream.receiveEnd() ? null : `stream ${streamId} ended twice`;
				case "credit":
					return stream.receiveCredit(frame.bytes) ? null : `stream ${streamId} got too much credit`;
				case "reset":
					stream.receiveReset(streamError(frame.reason === "cut" ? "ECONNRESET" : "ERR_LINK_STREAMS", resetTexts[frame.reason]));
					return null;
			}
		},
		resume: pump,
		end(error) {
			endedBy ??= error;
			for (const stream of [...streams.values()]) {
				stream.cut(error);
			}
		},
	};
}
