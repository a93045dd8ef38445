import { readFile } from "node:fs/promises";
import path from "node:path";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import type { HostError } from "@opta/host-client/host-error";
import { afterEach, describe, expect, it } from "vitest";
import { InMemoryDaemon } from "../testing/in-memory-daemon.ts";
import { noDaemon, openTestChat, type TestChat } from "../testing/open-test-chat.tsx";

const open: TestChat[] = [];
afterEach(async () => {
	await Promise.all(open.splice(0).map((chat) => chat.close()));
});

const enter = "\r";
const gone: HostError = { code: "offline", message: "The daemon is gone.", status: null, retryAfterMs: null };

function ok<T>(value: T): { readonly ok: true; readonly value: T } {
	return { ok: true, value };
}

interface Bench {
	readonly chat: TestChat;
	readonly daemon: InMemoryDaemon;
	/** What the model was asked. */
	readonly prompts: string[];
	readonly shows: (text: string) => Promise<void>;
	readonly type: (line: string) => void;
	readonly sessionId: () => string;
}

/** A chat in which one thing was said, where `changes` answers for the daemon. */
async function begin(changes: (daemon: InMemoryDaemon) => Partial<DaemonClient> = () => ({})): Promise<Bench> {
	const prompts: string[] = [];
	const daemon = new InMemoryDaemon(async ({ prompt, say }) => {
		prompts.push(prompt);
		say(`Heard ${prompts.length}.`);
	});
	const chat = await openTestChat(daemon.clientFor("me", changes(daemon)));
	open.push(chat);
	const shows = (text: string): Promise<void> => expect.poll(() => chat.terminal.text()).toContain(text);
	const type = (line: string): void => chat.terminal.type(`${line}${enter}`);
	type("the first words");
	await shows("Heard 1.");
	await expect.poll(() => chat.chat.store.get().view.turns).toEqual([]);
	return { chat, daemon, prompts, shows, type, sessionId: () => chat.chat.store.get().sessionId ?? "" };
}

describe("/rewind", () => {
	it("goes back to before the chosen message, says what came back, and offers its words again", async () => {
		const asked: unknown[] = [];
		const bench = await begin(() => ({
			rewindSession: async (_id, body) => {
				asked.push(body);
				return ok({ removedMessages: 2, restoredFiles: ["a.ts"], skipped: [{ path: "b.ts", reason: "it was changed by hand" }] });
			},
		}));
		bench.type("/rewind");
		await bench.shows("Back to before");
		await bench.shows("the first words");
		bench.type("");
		await bench.shows("Conversation and files");
		bench.type("");
		await bench.shows("2 messages removed. 1 file restored: a.ts.");
		await bench.shows("b.ts left alone: it was changed by hand");
		expect(asked).toMatchObject([{ what: "both" }]);
		expect(bench.chat.chat.store.get().editor.text).toBe("the first words");
	});

	it("says why it did not go back", async () => {
		const bench = await begin(() => ({ rewindSession: async () => ({ ok: false, error: gone }) }));
		bench.type("/rewind");
		await bench.shows("Back to before");
		bench.type("");
		await bench.shows("Conversation and files");
		bench.type("");
		await bench.shows("Not gone back");
	});
});

describe("/fork", () => {
	it("goes on in a copy", async () => {
		const bench = await begin((daemon) => ({
			forkSession: async () => daemon.clientFor("me").createSession({ workspace: "/" }),
		}));
		const before = bench.sessionId();
		bench.type("/fork");
		await expect.poll(bench.sessionId).not.toBe(before);
		bench.type("in the copy");
		await bench.shows("Heard 2.");
		expect(bench.daemon.sessions.get(before)?.view.entries.some((entry) => JSON.stringify(entry).includes("in the copy"))).toBe(false);
	});
});

describe("/compact", () => {
	it("says that older messages were summarised, and what it does meanwhile", async () => {
		const held = Promise.withResolvers<void>();
		const bench = await begin((daemon) => ({
			compactSession: async (id) => {
				await held.promise;
				const session = daemon.sessions.get(id)?.info;
				if (session === undefined) {
					return { ok: false, error: gone };
				}
				daemon.append(id, { type: "session.updated", data: { session, messages: "compacted" } });
				return ok(session);
			},
		}));
		bench.type("/compact");
		await bench.shows("Summarising older messages…");
		held.resolve();
		await bench.shows("Older messages were summarised for the model.");
		await expect.poll(() => bench.chat.chat.store.get().hint).toBeNull();
	});
});

describe("/diff", () => {
	it("shows what the session changed in files, and says where that is nothing", async () => {
		let diff = "";
		const bench = await begin(() => ({ sessionDiff: async () => ok(diff) }));
		bench.type("/diff");
		await bench.shows("This session changed no files.");
		diff = "--- a/a.ts\n+++ b/a.ts\n@@ -1 +1 @@\n-old words\n+new words\n";
		bench.type("/diff");
		await bench.shows("new words");
	});
});

describe("/export", () => {
	it("saves the session under the name that was given, and overwrites nothing", async () => {
		const formats: string[] = [];
		const bench = await begin(() => ({
			exportSession: async (_id, format) => {
				formats.push(format);
				return ok("# Everything");
			},
		}));
		bench.type("/export notes.md");
		await bench.shows("Saved as");
		expect(await readFile(path.join(bench.chat.folder, "notes.md"), "utf8")).toBe("# Everything");
		bench.type("/export notes.md");
		await bench.shows("is there already. Name another file");
		bench.type("/export all.json");
		await expect.poll(() => formats).toEqual(["markdown", "markdown", "json"]);
	});
});

describe("/mcp", () => {
	it("lists servers with their tools and what is wrong with one", async () => {
		const bench = await begin(() => ({
			tools: async () =>
				ok({
					tools: [],
					servers: [
						{ name: "notes", state: "ready", tools: 2, problem: null },
						{ name: "mail", state: "failed", tools: 0, problem: "It ended at once." },
					],
				}),
		}));
		bench.type("/mcp");
		await bench.shows("notes: ready · 2 tools");
		await bench.shows("mail: It ended at once. · 0 tools");
	});

	it("says how to add one where there is none", async () => {
		const bench = await begin(() => ({ tools: async () => ok({ tools: [], servers: [] }) }));
		bench.type("/mcp");
		await bench.shows("`opta mcp add` adds one.");
	});
});

describe("/memory", () => {
	it("asks the agent what it remembers, or to remember something", async () => {
		const bench = await begin();
		bench.type("/memory");
		await bench.shows("Heard 2.");
		bench.type("/memory tabs, not spaces");
		await bench.shows("Heard 3.");
		expect(bench.prompts.slice(1)).toEqual([
			"Show me what you remember of this project, word for word.",
			"Remember for this project: tabs, not spaces",
		]);
	});

	it("gives the words back where they cannot be sent", async () => {
		const chat = await openTestChat(noDaemon);
		open.push(chat);
		chat.terminal.type(`/memory tabs, not spaces${enter}`);
		await expect.poll(() => chat.chat.store.get().editor.text).toBe("/memory tabs, not spaces");
	});
});

describe("words for a question of the agent", () => {
	it("come back into the editor where the answer was not taken", async () => {
		const daemon = new InMemoryDaemon(async ({ ask }) => {
			await ask({ kind: "question", title: "Which colour?" });
		});
		const clock = { nowMs: Date.now() };
		const client = daemon.clientFor("me", { answerPermission: async () => ({ ok: false, error: gone }) });
		const chat = await openTestChat(client, { clock });
		open.push(chat);
		chat.terminal.type(`begin${enter}`);
		await expect.poll(() => chat.chat.store.get().question).not.toBeNull();
		clock.nowMs += 1000;
		chat.terminal.type(`dark green${enter}`);
		await expect.poll(() => chat.terminal.text()).toContain("Not answered");
		expect(chat.chat.store.get().editor.text).toBe("dark green");
	});
});

describe("without a daemon", () => {
	it.each([
		["/model small-model", "The model was not changed. The daemon is not there yet."],
		["/permissions auto", "The mode was not changed. The daemon is not there yet."],
		["/mcp", "The daemon is not there yet."],
	])("%s says that nothing was changed", async (line, words) => {
		const chat = await openTestChat(noDaemon, { sessionId: "some-session" });
		open.push(chat);
		await expect.poll(() => chat.terminal.text()).toContain("No daemon could be started.");
		chat.terminal.type(`${line}${enter}`);
		await expect.poll(() => chat.terminal.text()).toContain(words);
	});
});
