import type { Duplex } from "node:stream";
import { createMux, type Mux } from "../link/create-mux.ts";
import { decodeFrame } from "../link/frame.ts";
import { frameCostBytes, streamWindowBytes } from "../link/link-limits.ts";

/** One direction of the fake transport: what was sent and not delivered, and what is under way on each stream. */
export interface Wire {
	readonly messages: Buffer[];
	hasRoom: boolean;
	readonly underWay: Map<number, number>;
}

type Side = "host" | "device";

/** Two muxes, what they sent, and what came of it. */
export interface JoinedMuxes {
	readonly muxes: Readonly<Record<Side, Mux>>;
	readonly wires: Readonly<Record<Side, Wire>>;
	/** Streams that the other side opened. */
	readonly opened: Readonly<Record<Side, Duplex[]>>;
	/** What a mux found wrong with the other. */
	readonly faults: string[];
	/** Delivers so many messages at most; false when there were none. */
	readonly deliver: (from: Side, most: number) => boolean;
}

/** Makes two muxes whose messages wait until they are delivered. Throws when one sends more than a window allows. */
export function joinMuxes(takes = true): JoinedMuxes {
	const wires: Record<Side, Wire> = {
		host: { messages: [], hasRoom: true, underWay: new Map() },
		device: { messages: [], hasRoom: true, underWay: new Map() },
	};
	const opened: Record<Side, Duplex[]> = { host: [], device: [] };
	const faults: string[] = [];
	const make = (side: Side): Mux =>
		createMux({
			transport: {
				send: (message) => {
					const frame = decodeFrame(message);
					if (frame?.type === "data") {
						const { underWay } = wires[side];
						const bytes = (underWay.get(frame.streamId) ?? 0) + frame.payload.length + frameCostBytes;
						if (bytes > streamWindowBytes) {
							throw new Error(`stream ${frame.streamId} has ${bytes} bytes under way`);
						}
						underWay.set(frame.streamId, bytes);
					}
					wires[side].messages.push(Buffer.from(message));
				},
				hasRoom: () => wires[side].hasRoom,
			},
			side,
			onStream: takes ? (stream) => opened[side].push(stream) : null,
		});
	const muxes = { host: make("host"), device: make("device") };
	const deliver = (from: Side, most: number): boolean => {
		const to = from === "host" ? "device" : "host";
		const messages = wires[from].messages.splice(0, most);
		for (const message of messages) {
			const frame = decodeFrame(message);
			if (frame === null || !("streamId" in frame)) {
				throw new Error("no frame of a stream");
			}
			if (frame.type === "credit") {
				wires[to].underWay.set(frame.streamId, (wires[to].underWay.get(frame.streamId) ?? 0) - frame.bytes);
			}
			const fault = muxes[to].receive(frame);
			if (fault !== null) {
				faults.push(fault);
			}
		}
		return messages.length > 0;
	};
	return { muxes, wires, opened, faults, deliver };
}
