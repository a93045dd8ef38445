import fc from "fast-check";
import { expect, it } from "vitest";
import { readSessionFile } from "./read-session-file.ts";

const at = "2026-11-23T06:00:00.000Z";

it("reads the seeds' fields with no more than them", () => {
	const file = readSessionFile({ id: "s1", title: "T", messages: [{ role: "user", content: "hi" }], metadata: {} }, at);
	expect(file).toMatchObject({
		id: "s1",
		title: "T",
		metadata: { named: true, createdAt: at, model: "auto" },
		messages: [{ role: "user", content: "hi" }],
	});
});

it("keeps every message and broken arguments as they were", () => {
	const calls = [{ id: "c", type: "function", function: { name: "grep", arguments: "{broken" } }];
	const file = readSessionFile(
		{
			messages: [
				{ role: "assistant", content: null, tool_calls: calls },
				{ role: "tool", tool_call_id: "c", content: "x" },
			],
		},
		at,
	);
	expect(file?.messages).toMatchObject([{ toolCalls: [{ name: "grep", arguments: { raw: "{broken" } }] }, { toolCallId: "c" }]);
});

it("takes nothing that is no session, nor one of a newer format, for an older one", () => {
	expect(readSessionFile({ messages: [], metadata: { format: 7 } }, at)).toBeNull();
	for (const json of [null, 1, "x", [], {}, { messages: "no" }, { messages: [{ role: "robot" }] }]) {
		expect(readSessionFile(json, at)).toBeNull();
	}
	fc.assert(
		fc.property(fc.json(), (json) => {
			readSessionFile(JSON.parse(json), at);
		}),
	);
});
