import { frameCostBytes, mostPayloadBytes, streamWindowBytes } from "./link-limits.ts";

/** What one end may still send on a stream. */
export interface SendWindow {
	/** How many of `waitingBytes` may go in one frame now; 0 for none. They count as sent. */
	readonly take: (waitingBytes: number) => number;
	/** The other end's reader took so much. False when it gives more than was ever sent. */
	readonly grant: (bytes: number) => boolean;
	readonly isOpen: () => boolean;
}

/** What the other end may still send on a stream. */
export interface ReceiveWindow {
	/** A frame came. False when the other end was not allowed to send it. */
	readonly receive: (payloadBytes: number) => boolean;
	/** The reader took a frame; how much credit to give for it now, 0 for none yet. */
	readonly consume: (payloadBytes: number) => number;
}

/** Credit goes back in parts this big, so that a reader of small frames does not answer each of them. */
const creditStepBytes = streamWindowBytes / 4;

/** Makes the sender's side of the flow control of one stream. */
export function createSendWindow(): SendWindow {
	let leftBytes = streamWindowBytes;
	return {
		take(waitingBytes) {
			const bytes = Math.max(0, Math.min(waitingBytes, mostPayloadBytes, leftBytes - frameCostBytes));
			leftBytes -= bytes === 0 ? 0 : bytes + frameCostBytes;
			return bytes;
		},
		grant(bytes) {
			leftBytes += bytes;
			return leftBytes <= streamWindowBytes;
		},
		isOpen: () => leftBytes > frameCostBytes,
	};
}

/** Makes the receiver's side. */
export function createReceiveWindow(): ReceiveWindow {
	let leftBytes = streamWindowBytes;
	let owedBytes = 0;
	return {
		receive(payloadBytes) {
			leftBytes -= payloadBytes + frameCostBytes;
			return leftBytes >= 0;
		},
		consume(payloadBytes) {
			owedBytes += payloadBytes + frameCostBytes;
			if (owedBytes < creditStepBytes) {
				return 0;
			}
			const bytes = owedBytes;
			owedBytes = 0;
			leftBytes += bytes;
			return bytes;
		},
	};
}
