import { afterEach, describe, expect, it } from "vitest";
import { InMemoryDaemon } from "../testing/in-memory-daemon.ts";
import { noDaemon, openTestChat, type TestChat } from "../testing/open-test-chat.tsx";
import type { TurnStage } from "../testing/turn-stage.ts";

const open: TestChat[] = [];
async function start(...given: Parameters<typeof openTestChat>): Promise<TestChat> {
	const chat = await openTestChat(...given);
	open.push(chat);
	return chat;
}
afterEach(async () => {
	await Promise.all(open.splice(0).map((chat) => chat.close()));
});

const answer = async ({ say }: TurnStage) => say("Hello **you**.");
const enter = "\r";
const escapeKey = "\u001B";
const shows = (chat: TestChat, text: string | RegExp, part: "screen" | "all" = "screen") =>
	expect
		.poll(() => chat.terminal.text(part))
		.toMatch(typeof text === "string" ? new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")) : text);

/** Lets time pass between what is shown and what is typed. */
async function typeLater(chat: TestChat, clock: { nowMs: number }, text: string): Promise<void> {
	await expect.poll(() => chat.chat.store.get().question).not.toBeNull();
	clock.nowMs += 1000;
	chat.terminal.type(text);
}

describe("inline chat", () => {
	it("paints before the daemon is there, and sends what was written meanwhile once it is", async () => {
		const daemon = new InMemoryDaemon(answer);
		const coming = Promise.withResolvers<{ ok: true; value: ReturnType<InMemoryDaemon["clientFor"]> }>();
		const chat = await start(coming.promise);
		await shows(chat, "starting…");
		chat.terminal.type(`hi there${enter}`);
		await shows(chat, "Sending");
		coming.resolve({ ok: true, value: daemon.clientFor("me") });
		await shows(chat, "Hello you.");
		expect(await chat.terminal.text()).toContain("› hi there");
	});

	it("says that there is no daemon and keeps what was written", async () => {
		const chat = await start(noDaemon);
		await shows(chat, "No daemon could be started.");
		chat.terminal.type(`hi there${enter}`);
		await expect.poll(() => chat.chat.store.get().editor.text).toBe("hi there");
	});

	it("asks, takes the answer by key, and shows the diff of what was done", async () => {
		const clock = { nowMs: Date.now() };
		const decided: string[] = [];
		const daemon = new InMemoryDaemon(async ({ turnId, ask, append, say }) => {
			const diff = "--- a/a.ts\n+++ b/a.ts\n@@ -1 +1 @@\n-old\n+new\n";
			append({ type: "tool.start", data: { turnId, callId: "c", name: "edit_file", arguments: {}, title: "Edit a.ts" } });
			const { decision, scope } = await ask({ callId: "c", title: "Edit a.ts", detail: diff });
			decided.push(`${decision} ${scope}`);
			const done = { turnId, callId: "c", name: "edit_file", ok: true, output: "ok", truncated: false, durationMs: 3, diff };
			append({ type: "tool.result", data: done });
			say("Edited.");
		});
		const chat = await start(daemon.clientFor("me"), { clock });
		chat.terminal.type(`edit it${enter}`);
		await shows(chat, "? Edit a.ts");
		expect(await chat.terminal.text()).not.toContain("a once");
		await typeLater(chat, clock, "");
		await shows(chat, "a once   s session   p project   d deny");
		chat.terminal.type("s");
		await shows(chat, "● Edit a.ts +1 −1");
		await shows(chat, /│ -old\n.*│ \+new/);
		expect(decided).toEqual(["allow session"]);
	});

	it("takes letters that come with the question for words, not for an answer", async () => {
		const clock = { nowMs: Date.now() };
		const daemon = new InMemoryDaemon(async ({ ask }) => void (await ask({ title: "Run rm" })));
		const chat = await start(daemon.clientFor("me"), { clock });
		chat.terminal.type(`go${enter}`);
		await shows(chat, "? Run rm");
		chat.terminal.type("and also");
		await shows(chat, "› and also");
		await shows(chat, "Empty the prompt to answer with a key");
		expect(chat.chat.store.get().view.permissions).toHaveLength(1);
	});

	it("says so when another client was first", async () => {
		const clock = { nowMs: Date.now() };
		const daemon = new InMemoryDaemon(async ({ ask }) => void (await ask({ title: "Run ls" })));
		const conflict = { code: "conflict" as const, message: "Denied by phone.", status: 409, retryAfterMs: null };
		const chat = await start(daemon.clientFor("me", { answerPermission: async () => ({ ok: false, error: conflict }) }), { clock });
		chat.terminal.type(`go${enter}`);
		await shows(chat, "? Run ls");
		await typeLater(chat, clock, "a");
		await shows(chat, "was already answered. Denied by phone.");
	});

	it("queues while a turn runs, shows what waits, and gives it back on Esc", async () => {
		const daemon = new InMemoryDaemon(({ cancelled }) => new Promise((resolve) => cancelled.addEventListener("abort", () => resolve())));
		const chat = await start(daemon.clientFor("me"));
		chat.terminal.type(`first${enter}`);
		await shows(chat, "Esc stops");
		chat.terminal.type(`second${enter}`);
		await shows(chat, "  + second");
		chat.terminal.type(escapeKey);
		await shows(chat, "Cancelled.");
		await expect.poll(() => chat.chat.store.get().editor.text).toBe("second");
	});

	it("shows turns of others as they happen, and from whom", async () => {
		const daemon = new InMemoryDaemon(answer);
		const client = daemon.clientFor("me", {
			listClients: async () => ({
				ok: true,
				value: { clients: [{ clientId: "other", name: "phone", origin: null, pairedAt: "", lastSeenAt: null }] },
			}),
		});
		const chat = await start(client);
		chat.terminal.type(`mine${enter}`);
		await shows(chat, "Hello you.");
		const sessionId = chat.chat.store.get().sessionId!;
		await daemon.clientFor("other").createTurn(sessionId, { content: "theirs" }, "key");
		await shows(chat, "› theirs\n  from phone");
	});

	it("runs commands of the person's own and offers their output", async () => {
		const chat = await start(new InMemoryDaemon(answer).clientFor("me"));
		chat.terminal.type(`!printf 'one\\ntwo\\n'; exit 3${enter}`);
		await shows(chat, /✗ ! printf .*exit 3/);
		await shows(chat, "› [Output of printf");
		expect(chat.chat.store.get().editor.attachments[0]?.content).toContain("one\ntwo");
	});

	it("completes commands and says which it does not know", async () => {
		const chat = await start(new InMemoryDaemon(answer).clientFor("me"));
		chat.terminal.type("/perm");
		await shows(chat, "▸ /permissions");
		chat.terminal.type("\t");
		await shows(chat, "› /permissions");
		chat.terminal.type(`\u0015/nonsense${enter}`);
		await shows(chat, "There is no /nonsense.");
	});

	it("makes an attachment of a long paste", async () => {
		const daemon = new InMemoryDaemon(answer);
		const sent: unknown[] = [];
		const plain = daemon.clientFor("me");
		const client = daemon.clientFor("me", {
			createTurn: async (id, body, key) => {
				sent.push(body.attachments);
				return await plain.createTurn(id, body, key);
			},
		});
		const chat = await start(client);
		chat.terminal.type(`\u001B[200~${"line\r".repeat(119)}end\u001B[201~`);
		await shows(chat, "› [Pasted 120 lines]");
		chat.terminal.type(enter);
		await shows(chat, "Hello you.");
		expect(sent).toEqual([[{ kind: "text", name: "Pasted 120 lines", content: `${"line\n".repeat(119)}end` }]]);
	});

	it("goes to another session and prints it", async () => {
		const daemon = new InMemoryDaemon(answer);
		const first = await daemon.clientFor("other").createSession({ workspace: "/elsewhere", title: "Older work" });
		await daemon.clientFor("other").createTurn(first.ok ? first.value.id : "", { content: "long ago" }, "key");
		const chat = await start(daemon.clientFor("me"));
		chat.terminal.type("/sessions");
		await shows(chat, "▸ /sessions");
		chat.terminal.type(`${enter}`);
		chat.terminal.type(enter);
		await shows(chat, "▸ Older work");
		chat.terminal.type(enter);
		await shows(chat, "› long ago");
	});

	it("clears the screen on /clear and goes on in the session", async () => {
		const chat = await start(new InMemoryDaemon(answer).clientFor("me"));
		chat.terminal.type(`one${enter}`);
		await shows(chat, "from cache");
		chat.terminal.type(`/clear${enter}`);
		await expect.poll(() => chat.terminal.text()).not.toContain("› one");
		chat.terminal.type(`two${enter}`);
		await shows(chat, "› two");
		await shows(chat, "Hello you.");
		expect((await chat.terminal.text()).match(/› Message/g)).toHaveLength(1);
		expect(chat.chat.store.get().view.entries.length).toBeGreaterThan(4);
	});

	it("stops drawing and names the way out on Ctrl-C, and leaves on the second", async () => {
		const chat = await start(new InMemoryDaemon(answer).clientFor("me"));
		chat.terminal.type("\u0003");
		await shows(chat, "Ctrl-C once more to leave.");
		chat.terminal.type("\u0003");
		await expect.poll(() => chat.chat.store.get().exit).toBe(0);
	});
});
