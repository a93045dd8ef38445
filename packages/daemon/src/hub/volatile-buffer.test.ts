import type { VolatileEvent } from "@opta/contracts/schema/daemon-events";
import fc from "fast-check";
import { expect, it } from "vitest";
import { VolatileBuffer } from "./volatile-buffer.ts";

function token(messageId: string, offset: number, text: string): VolatileEvent {
	return { type: "turn.token", data: { turnId: "t", messageId, channel: "text", offset, text } };
}

it("loses and repeats nothing of a text, however it is cut", () => {
	fc.assert(
		fc.property(fc.array(fc.tuple(fc.constantFrom("a", "b"), fc.string({ minLength: 1 }), fc.boolean())), (pieces) => {
			const buffer = new VolatileBuffer();
			const said: Record<string, string> = { a: "", b: "" };
			const heard: Record<string, string> = { a: "", b: "" };
			const hear = () => {
				for (const event of buffer.take()) {
					if (event.type === "turn.token") {
						expect(event.data.offset).toBe(heard[event.data.messageId]?.length);
						heard[event.data.messageId] += event.data.text;
					}
				}
			};
			for (const [id, text, flush] of pieces) {
				buffer.add(token(id, said[id]?.length ?? 0, text));
				said[id] += text;
				if (flush) {
					hear();
				}
			}
			hear();
			expect(heard).toEqual(said);
			const partial = Object.fromEntries(
				buffer.partial().map((event) => (event.type === "turn.token" ? [event.data.messageId, event.data.text] : [])),
			);
			expect(partial).toEqual(Object.fromEntries(Object.entries(said).filter(([, text]) => text !== "")));
		}),
	);
});

it("makes one event of many pieces", () => {
	const buffer = new VolatileBuffer();
	for (let offset = 0; offset < 100; offset += 1) {
		buffer.add(token("a", offset, "x"));
	}
	expect(buffer.take()).toEqual([token("a", 0, "x".repeat(100))]);
	expect(buffer.take()).toEqual([]);
});

it("forgets what became durable", () => {
	const buffer = new VolatileBuffer();
	buffer.add(token("a", 0, "x"));
	buffer.add(token("b", 0, "y"));
	buffer.add({ type: "turn.progress", data: { turnId: "u", stage: "connecting", fraction: null, message: null } });
	buffer.forget({ messageId: "a" });
	buffer.forget({ turnId: "u" });
	expect(buffer.partial()).toEqual([token("b", 0, "y")]);
});

it("starts again where a text starts again", () => {
	const buffer = new VolatileBuffer();
	buffer.add(token("a", 0, "wrong"));
	buffer.add(token("a", 0, "right"));
	expect(buffer.take()).toEqual([token("a", 0, "wrong"), token("a", 0, "right")]);
	expect(buffer.partial()).toEqual([token("a", 0, "right")]);
});
