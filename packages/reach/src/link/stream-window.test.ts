import fc from "fast-check";
import { expect, it } from "vitest";
import { frameCostBytes, mostPayloadBytes, streamWindowBytes } from "./link-limits.ts";
import { createReceiveWindow, createSendWindow } from "./stream-window.ts";

it("lets a sender that keeps to it send for ever, and never has more than the window under way", () => {
	const step = fc.oneof(
		fc.record({ kind: fc.constant("send" as const), bytes: fc.integer({ min: 1, max: 400_000 }) }),
		fc.record({ kind: fc.constant("read" as const), frames: fc.integer({ min: 1, max: 40 }) }),
	);
	fc.assert(
		fc.property(fc.array(step, { minLength: 10, maxLength: 60, size: "max" }), (steps) => {
			const [send, receive] = [createSendWindow(), createReceiveWindow()];
			const unread: number[] = [];
			const read = (): void => {
				const credit = receive.consume(unread.shift() ?? 0);
				expect(credit === 0 || send.grant(credit)).toBe(true);
			};
			for (const next of steps) {
				if (next.kind === "read") {
					for (let count = 0; count < next.frames && unread.length > 0; count++) {
						read();
					}
					continue;
				}
				let left = next.bytes;
				for (let taken = send.take(left); taken > 0; taken = send.take(left)) {
					expect(taken).toBeLessThanOrEqual(mostPayloadBytes);
					expect(receive.receive(taken)).toBe(true);
					unread.push(taken);
					left -= taken;
				}
				const heldBytes = unread.reduce((sum, bytes) => sum + bytes + frameCostBytes, 0);
				expect(heldBytes).toBeLessThanOrEqual(streamWindowBytes);
				expect(left === 0 || !send.isOpen()).toBe(true);
			}
			while (unread.length > 0) {
				read();
			}
			expect(send.isOpen()).toBe(true);
		}),
	);
});

it("tells a sender that does not keep to it, be it in many tiny frames", () => {
	const receive = createReceiveWindow();
	let frames = 0;
	while (receive.receive(1)) {
		frames += 1;
	}
	expect(frames).toBe(Math.floor(streamWindowBytes / (1 + frameCostBytes)));
});

it("takes no credit for what was never sent", () => {
	const send = createSendWindow();
	expect(send.take(1000)).toBe(1000);
	expect(send.grant(1000 + frameCostBytes)).toBe(true);
	expect(send.grant(1)).toBe(false);
});
