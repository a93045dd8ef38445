import type { ChatRequest } from "@opta/contracts/schema/lmx-chat";
import type { ChatEvent } from "@opta/host-client/chat-event";
import type { HostClient } from "@opta/host-client/host-client";
import { offlineError } from "@opta/host-client/host-error";
import { describe, expect, it } from "vitest";
import { createChatSession } from "./chat-session.ts";
import type { ChatKeeper, KeptChat } from "./kept-chat.ts";

/** A host whose answers the test writes itself. */
function scriptedHost() {
	const requests: ChatRequest[] = [];
	let tell: (event: ChatEvent) => void = () => undefined;
	let ended = Promise.withResolvers<void>();
	const client: Partial<HostClient> = {
		streamChat(request, { signal, onEvent }) {
			requests.push(request);
			ended = Promise.withResolvers<void>();
			const { promise, resolve } = ended;
			tell = (event) => {
				onEvent(event);
				if (event.type === "done" || event.type === "error") {
					resolve();
				}
			};
			signal.addEventListener("abort", () => tell({ type: "done", finishReason: "cancelled" }));
			return promise;
		},
	};
	return {
		client: client as HostClient,
		requests,
		async tell(...events: ChatEvent[]) {
			events.forEach((event) => void tell(event));
			await new Promise(setImmediate);
		},
	};
}

function memoryKeeper(chat: KeptChat | null = null): ChatKeeper & { kept: KeptChat | null } {
	const keeper = {
		kept: chat,
		read: () => keeper.kept,
		write(next: KeptChat) {
			keeper.kept = structuredClone(next);
			return true;
		},
	};
	return keeper;
}

function begin(keeper = memoryKeeper()) {
	const host = scriptedHost();
	const paints: (() => void)[] = [];
	const session = createChatSession({ client: host.client, keeper, beforePaint: (callback) => void paints.push(callback) });
	session.restore();
	return { host, session, keeper, paints, last: () => session.getState().conversation.entries.at(-1) };
}

const done: ChatEvent = { type: "done", finishReason: "stop" };

describe("a chat session", () => {
	it("asks, shows the text as it comes, and settles it with what was measured", async () => {
		const { host, session, paints, last } = begin();
		expect(session.ask("  Why?  ", "smol")).toBe(true);
		expect(host.requests).toEqual([{ model: "smol", messages: [{ role: "user", content: "Why?" }] }]);
		await host.tell({ type: "delta", text: "Be" }, { type: "delta", text: "cause" });
		expect(session.getLiveText()).toBe("Because");
		expect(paints).toHaveLength(1);
		const timings = { prompt_n: 1, prompt_ms: 1, prompt_per_second: 1, predicted_n: 2, predicted_ms: 10, predicted_per_second: 200 };
		await host.tell({ type: "timings", timings }, done);
		expect(last()).toMatchObject({ text: "Because", state: "done", figures: { tokens: 2, tokensPerSecond: 200 } });
		expect(session.getState().running).toBe(false);
	});

	it("takes no second question while an answer runs, so the composer keeps its text", async () => {
		const { host, session } = begin();
		session.ask("One", "smol");
		expect(session.ask("Two", "smol")).toBe(false);
		await host.tell(done);
		expect(session.ask("   ", "smol")).toBe(false);
		expect(host.requests).toHaveLength(1);
	});

	it("keeps what arrived when it is stopped or fails, and can be asked again", async () => {
		const { host, session, last } = begin();
		session.ask("Why?", "smol");
		await host.tell({ type: "delta", text: "Half" });
		session.stop();
		await host.tell();
		expect(last()).toMatchObject({ text: "Half", state: "stopped", error: null });

		session.answerAgain("smol");
		await host.tell({ type: "error", error: offlineError() });
		expect(last()).toMatchObject({ text: "", state: "failed", error: { code: "offline" } });

		session.answerAgain("other");
		await host.tell({ type: "delta", text: "Whole" }, done);
		expect(host.requests.map(({ messages }) => messages.length)).toEqual([1, 1, 1]);
		expect(session.getState().conversation.entries).toHaveLength(2);
		expect(last()).toMatchObject({ text: "Whole", model: "other" });
	});

	it("keeps a running answer's text and the unsent text when the page is left", async () => {
		const { host, session, keeper } = begin();
		session.ask("Why?", "smol");
		await host.tell({ type: "delta", text: "Half" });
		session.keep("next quest");
		expect(keeper.kept?.conversation.entries.at(-1)).toMatchObject({ text: "Half" });
		expect(begin(keeper).session.restore()).toBe("next quest");
	});

	it("starts over in the middle of an answer, which then changes nothing, and brings the old one back", async () => {
		const { host, session } = begin();
		session.configure({ systemPrompt: "Be brief." });
		session.ask("Why?", "smol");
		await host.tell({ type: "delta", text: "Half" });
		session.startOver();
		await host.tell({ type: "delta", text: "late" }, done);
		expect(session.getState()).toMatchObject({ running: false, conversation: { entries: [], systemPrompt: "Be brief." } });
		session.bringBack();
		expect(session.getState().conversation.entries).toMatchObject([{ text: "Why?" }, { text: "Half", state: "stopped" }]);
	});
});
