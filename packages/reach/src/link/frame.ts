import { mostPayloadBytes } from "./link-limits.ts";

/** What a link's encrypted messages say, by their first byte; then the stream's number (32 bits, big-endian), then the payload. */
const types = { open: 1, data: 2, end: 3, reset: 4, credit: 5, ping: 6, pong: 7, farewell: 8 } as const;

/** A frame, read. */
export type Frame =
	/** A new stream. The device's numbers are odd, the host's even, each higher than the last. */
	| { readonly type: "open"; readonly streamId: number }
	| { readonly type: "data"; readonly streamId: number; readonly payload: Buffer }
	/** No more data of this stream comes from who sends it; the other way stays open. */
	| { readonly type: "end"; readonly streamId: number }
	/** The stream is over both ways at once. */
	| { readonly type: "reset"; readonly streamId: number; readonly reason: ResetReason }
	/** So many bytes more may be sent on the stream. */
	| { readonly type: "credit"; readonly streamId: number; readonly bytes: number }
	| { readonly type: "ping" }
	| { readonly type: "pong" }
	/** The link ends. */
	| { readonly type: "farewell"; readonly text: string };

/** Why a stream was reset: it was cut by who used it, or there are as many as there may be, or who was asked takes none. */
export const resetReasons = ["cut", "tooMany", "notTaken"] as const;

/** One of these. */
export type ResetReason = (typeof resetReasons)[number];

/** Type and stream, before the payload. */
const frameHeadBytes = 5;

function head(type: number, streamId: number, payloadBytes: number): Buffer {
	const frame = Buffer.allocUnsafe(frameHeadBytes + payloadBytes);
	frame.writeUInt8(type, 0);
	frame.writeUInt32BE(streamId, 1);
	return frame;
}

/** Writes a frame. */
export function encodeFrame(frame: Frame): Buffer {
	switch (frame.type) {
		case "ping":
		case "pong":
			return head(types[frame.type], 0, 0);
		case "open":
		case "end":
			return head(types[frame.type], frame.streamId, 0);
		case "data": {
			const encoded = head(types.data, frame.streamId, frame.payload.length);
			frame.payload.copy(encoded, frameHeadBytes);
			return encoded;
		}
		case "credit": {
			const encoded = head(types.credit, frame.streamId, 4);
			encoded.writeUInt32BE(frame.bytes, frameHeadBytes);
			return encoded;
		}
		case "reset": {
			const encoded = head(types.reset, frame.streamId, 1);
			encoded.writeUInt8(resetReasons.indexOf(frame.reason), frameHeadBytes);
			return encoded;
		}
		case "farewell": {
			const text = Buffer.from(frame.text);
			const encoded = head(types.farewell, 0, text.length);
			text.copy(encoded, frameHeadBytes);
			return encoded;
		}
	}
}

/** Reads a frame; null for what is none. The payload is a view of `encoded`. */
export function decodeFrame(encoded: Buffer): Frame | null {
	if (encoded.length < frameHeadBytes || encoded.length > frameHeadBytes + mostPayloadBytes) {
		return null;
	}
	const type = encoded.readUInt8(0);
	const streamId = encoded.readUInt32BE(1);
	const payload = encoded.subarray(frameHeadBytes);
	if (type === types.ping || type === types.pong || type === types.farewell) {
		if (streamId !== 0) {
			return null;
		}
		if (type === types.farewell) {
			return { type: "farewell", text: payload.toString() };
		}
		return payload.length === 0 ? { type: type === types.ping ? "ping" : "pong" } : null;
	}
	if (streamId === 0) {
		return null;
	}
	switch (type) {
		case types.open:
		case types.end:
			return payload.length === 0 ? { type: type === types.open ? "open" : "end", streamId } : null;
		case types.data:
			return payload.length > 0 ? { type: "data", streamId, payload } : null;
		case types.credit: {
			const bytes = payload.length === 4 ? payload.readUInt32BE(0) : 0;
			return bytes > 0 ? { type: "credit", streamId, bytes } : null;
		}
		case types.reset: {
			const reason = payload.length === 1 ? resetReasons[payload.readUInt8(0)] : undefined;
			return reason === undefined ? null : { type: "reset", streamId, reason };
		}
		default:
			return null;
	}
}
