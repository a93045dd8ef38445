import type { Message } from "@opta/contracts/schema/daemon-message";
import fc from "fast-check";
import { expect, it } from "vitest";
import { buildPrompt, modelMessages } from "./build-prompt.ts";

let count = 0;

function message(role: Message["role"], content: string, rest: Partial<Message> = {}): Message {
	return { id: `m${count++}`, role, at: "2026-11-23T10:00:00.000Z", content, ...rest };
}

/** One step of a conversation: a question, and an answer with its calls and their results in any order. */
const stepArbitrary = fc
	.record({ question: fc.string(), answer: fc.string(), calls: fc.integer({ min: 0, max: 4 }), turned: fc.boolean() })
	.map(({ question, answer, calls, turned }): Message[] => {
		const ids = Array.from({ length: calls }, () => `c${count++}`);
		const results = ids.map((id) => message("tool", `result of ${id}`, { toolCallId: id, name: "grep", ok: true }));
		const toolCalls = ids.map((id) => ({ id, name: "grep", arguments: { id } }));
		return [
			message("user", question),
			message("assistant", answer, calls === 0 ? {} : { toolCalls }),
			...(turned ? results.toReversed() : results),
		];
	});

it("only ever adds to a prompt, so that what was read stays read", () => {
	fc.assert(
		fc.property(fc.array(stepArbitrary, { minLength: 1, maxLength: 6 }), (steps) => {
			const prompts = steps.map((_, index) => buildPrompt("system", { messages: steps.slice(0, index + 1).flat(), compaction: null }));
			return prompts.every((prompt, index) => {
				const before = prompts[index - 1] ?? [];
				return JSON.stringify(prompt.slice(0, before.length)) === JSON.stringify(before);
			});
		}),
	);
});

it("answers every call right behind it and in the order of the calls, also one that was never made", () => {
	fc.assert(
		fc.property(fc.array(stepArbitrary, { maxLength: 4 }), fc.boolean(), (steps, loseLast) => {
			const messages = steps.flat();
			const sent = modelMessages(loseLast ? messages.slice(0, -1) : messages);
			return sent.every((each, index) => {
				const calls = each.role === "assistant" ? each.calls : [];
				return calls.every((call, offset) => {
					const answer = sent[index + 1 + offset];
					return answer?.role === "tool" && answer.callId === call.id;
				});
			});
		}),
	);
});

it("shows attachments behind the words, and leaves empty answers and thoughts out", () => {
	const messages = [
		message("user", "Look at this", { attachments: [{ kind: "file", name: "a.ts", content: "let a;" }] }),
		message("assistant", "", { reasoning: "Hm." }),
		message("assistant", "Fine."),
	];
	expect(modelMessages(messages)).toEqual([
		{ role: "user", content: 'Look at this\n\n<file name="a.ts">\nlet a;\n</file>' },
		{ role: "assistant", content: "Fine.", calls: [] },
	]);
});

it("puts a summary in the place of what it stands for, and never two messages of the user after each other", () => {
	const messages = [message("user", "One"), message("assistant", "1"), message("user", "Two"), message("assistant", "2")];
	const at = "2026-11-23T10:00:00.000Z";
	const prompt = (beforeMessageId: string) => buildPrompt("S", { messages, compaction: { beforeMessageId, summary: "Numbers.", at } });
	expect(prompt(messages[2]?.id ?? "").map(({ role, content }) => [role, content])).toEqual([
		["system", "S"],
		["user", "Summary of the conversation before this point:\n\nNumbers.\n\nTwo"],
		["assistant", "2"],
	]);
	expect(prompt(messages[3]?.id ?? "").map(({ role }) => role)).toEqual(["system", "user", "assistant"]);
	expect(prompt("gone").map(({ content }) => content)).toEqual(["S", "One", "1", "Two", "2"]);
});
