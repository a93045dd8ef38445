import { describe, expect, it } from "vitest";
import { emptyConversation, withLastAnswer, withQuestion, withRunningAnswer } from "./conversation.ts";
import { type ChatStorage, createChatKeeper } from "./kept-chat.ts";

function memoryStorage(initial: Record<string, string> = {}): ChatStorage {
	const values = new Map(Object.entries(initial));
	return {
		getItem: (key) => values.get(key) ?? null,
		setItem: (key, value) => void values.set(key, value),
		removeItem: (key) => void values.delete(key),
	};
}

describe("a kept chat", () => {
	it("survives a reload with its settings and the unsent text, under its own key only", () => {
		const storage = memoryStorage();
		const chat = { conversation: { ...withQuestion(emptyConversation, "Why?"), model: "smol", systemPrompt: "" }, draft: "and h" };
		expect(createChatKeeper(() => storage, "ada:mono").write(chat)).toBe(true);
		expect(createChatKeeper(() => storage, "ada:mono").read()).toEqual(chat);
		expect(createChatKeeper(() => storage, "bob:mono").read()).toBeNull();
	});

	it("has no running answer: what had arrived stays and is marked as interrupted", () => {
		const keeper = createChatKeeper(memoryStorage, "chat");
		const storage = memoryStorage();
		const running = withLastAnswer(withRunningAnswer(withQuestion(emptyConversation, "Why?"), "smol"), { text: "Becau" });
		createChatKeeper(() => storage, "chat").write({ conversation: running, draft: "" });
		expect(
			createChatKeeper(() => storage, "chat")
				.read()
				?.conversation.entries.at(-1),
		).toMatchObject({ state: "interrupted", text: "Becau" });
		expect(keeper.read()).toBeNull();
	});

	it.each([
		"",
		"{",
		"null",
		"[]",
		'{"version":1}',
		'{"version":1,"conversation":{"entries":5}}',
		'{"version":99,"conversation":{"entries":[]}}',
	])("that reads %j counts as none", (text) => {
		expect(createChatKeeper(() => memoryStorage({ chat: text }), "chat").read()).toBeNull();
	});

	it("is simply not kept where the browser refuses storage or is full", () => {
		const refused = createChatKeeper(() => {
			throw new DOMException("denied", "SecurityError");
		}, "chat");
		expect(refused.read()).toBeNull();
		expect(refused.write({ conversation: emptyConversation, draft: "x" })).toBe(false);
	});
});
