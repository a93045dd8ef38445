import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { callTools, echo, scriptedRunner, untilCancelled } from "../testing/scripted-runner.ts";
import { got, Listener, localCaller as me, newHome, openHome, sessionOptions } from "../testing/session-home.ts";

it("answers a message, and finds everything again after a restart", async () => {
	const home = await newHome();
	const sessions = await openHome(home, scriptedRunner());
	const { id } = got(await sessions.create({ workspace: home }, me));
	const reader = new Listener();
	got(await sessions.subscribe(id, "0", reader, me));
	const { turnId, seq } = got(await sessions.createTurn(id, { content: "Hello there" }, null, me));
	const done = await reader.next("turn.done");
	expect(done.data).toMatchObject({ turnId, reason: "stop" });
	expect(seq).toBe(2);
	expect(reader.heard.filter(({ type }) => type === "turn.message")).toMatchObject([
		{ data: { message: { role: "user", content: "Hello there", id: turnId } } },
		{ data: { message: { role: "assistant", content: "Hello there" } } },
	]);
	const before = got(await sessions.read(id, me));
	expect(before.title).toBe("Hello there");
	await sessions.close();
	expect(reader.ended).toBe(true);
	const file = JSON.parse(await readFile(path.join(home, "sessions", `${id}.json`), "utf8"));
	expect(file).toMatchObject({
		id,
		title: "Hello there",
		messages: [{ role: "user" }, { role: "assistant" }],
		metadata: { workspace: home },
	});

	const again = await openHome(home, scriptedRunner());
	expect(got(await again.read(id, me))).toEqual(before);
	expect(got(await again.list({}, me)).sessions).toMatchObject([{ id, running: false, waiting: false }]);
	const events = got(await again.events(id, "0", 500, me));
	expect(events.events.map((event) => event.seq)).toEqual(reader.seqs());
	await again.close();
});

it("finds sessions by words, in titles and messages, and shows where", async () => {
	const home = await newHome();
	const sessions = await openHome(home, scriptedRunner());
	const ids: string[] = [];
	for (const text of ["The quick brown fox", "A slow green Turtle's shell", "Über den Wolken"]) {
		const { id } = got(await sessions.create({ workspace: home }, me));
		ids.push(id);
		const reader = new Listener();
		got(await sessions.subscribe(id, "0", reader, me));
		got(await sessions.createTurn(id, { content: text }, null, me));
		await reader.next("turn.done");
	}
	const find = async (query: string) => got(await sessions.list({ query }, me)).sessions;
	expect((await find("fox quick")).map(({ id }) => id)).toEqual([ids[0]]);
	expect(await find("turt")).toMatchObject([{ id: ids[1], excerpt: expect.stringContaining("Turtle") }]);
	expect((await find("uber")).map(({ id }) => id)).toEqual([ids[2]]);
	expect(await find('") OR "')).toEqual([]);
	expect(await find("fox turtle")).toEqual([]);
	const first = got(await sessions.list({ limit: 2 }, me));
	expect(first.sessions.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
	const rest = got(await sessions.list({ limit: 2, cursor: first.nextCursor ?? "" }, me));
	expect(rest).toMatchObject({ sessions: [{ id: ids[0] }], nextCursor: null });
	await sessions.close();

	await writeFile(path.join(home, "sessions", "search.sqlite"), "no database any more");
	const again = await openHome(home, scriptedRunner());
	expect(got(await again.list({ query: "fox" }, me)).sessions.map(({ id }) => id)).toEqual([ids[0]]);
	await again.close();
});

it("shows nobody the sessions of others", async () => {
	const home = await newHome();
	const sessions = await openHome(home, scriptedRunner());
	const anna = { ...me, userId: "anna", ownsDevice: true };
	const bert = { ...me, userId: "bert", ownsDevice: false };
	const { id } = got(await sessions.create({ workspace: home }, bert));
	const { id: unowned } = got(await sessions.create({ workspace: home }, me));
	expect(await sessions.read(id, anna)).toMatchObject({ ok: false, error: { code: "not_found" } });
	expect(await sessions.subscribe(id, "0", new Listener(), anna)).toMatchObject({ ok: false, error: { code: "not_found" } });
	const ids = async (caller: typeof me) => got(await sessions.list({}, caller)).sessions.map((session) => session.id);
	expect(await ids(anna)).toEqual([unowned]);
	expect(await ids(bert)).toEqual([id]);
	expect((await ids(me)).sort()).toEqual([id, unowned].sort());
	expect(await sessions.createTurn(id, { content: "run it" }, null, bert)).toMatchObject({ ok: false, error: { code: "forbidden" } });
	const told: string[] = [];
	sessions.onChanged((sessionId) => told.push(sessionId), anna);
	got(await sessions.update(id, { title: "Mine" }, bert));
	got(await sessions.update(unowned, { title: "Ours" }, anna));
	expect(told).toEqual([unowned]);
	await sessions.close();
});

it("puts sessions in the trash and brings them back, also over a restart", async () => {
	const home = await newHome();
	const sessions = await openHome(home, scriptedRunner({ wait: untilCancelled }));
	const { id } = got(await sessions.create({ workspace: home }, me));
	const reader = new Listener();
	got(await sessions.subscribe(id, "0", reader, me));
	got(await sessions.createTurn(id, { content: "wait" }, null, me));
	await reader.next("turn.started");
	const trashed = got(await sessions.trash(id, me));
	expect(trashed.metadata.trashedAt).not.toBeNull();
	expect(reader.heard.map(({ type }) => type)).toContain("turn.done");
	expect(reader.ended).toBe(true);
	expect(await readdir(path.join(home, "sessions", "trash"))).toContain(`${id}.jsonl`);
	expect(got(await sessions.list({}, me)).sessions).toEqual([]);
	expect(await sessions.createTurn(id, { content: "more" }, null, me)).toMatchObject({ ok: false, error: { code: "conflict" } });
	await sessions.close();
	const again = await openHome(home, scriptedRunner());
	expect(got(await again.list({ trashed: true }, me)).sessions).toMatchObject([{ id }]);
	got(await again.restore(id, me));
	expect(got(await again.read(id, me)).messages).toHaveLength(1);
	got(await again.createTurn(id, { content: "more" }, null, me));
	await again.close();
});

it("empties the trash only when it was told to, and then for good", async () => {
	const home = await newHome();
	const sessions = await openHome(home, scriptedRunner());
	const { id } = got(await sessions.create({ workspace: home }, me));
	got(await sessions.trash(id, me));
	await sessions.close();
	const later = { now: () => new Date(Date.now() + 40 * 86_400_000) };
	const kept = await openHome(home, scriptedRunner(), later);
	expect(got(await kept.list({ trashed: true }, me)).sessions).toHaveLength(1);
	await kept.close();
	const { config } = await sessionOptions(home, scriptedRunner());
	const emptied = await openHome(home, scriptedRunner(), { ...later, config: (of) => ({ ...config(of), daemon: { trashDays: 30 } }) });
	expect(got(await emptied.list({ trashed: true }, me)).sessions).toEqual([]);
	expect(await readdir(path.join(home, "sessions", "trash"))).toEqual([]);
	await emptied.close();
});

it("forks up to a message, and leaves the first session as it is", async () => {
	const home = await newHome();
	const sessions = await openHome(home, scriptedRunner());
	const { id } = got(await sessions.create({ workspace: home, environment: { VENV: "x", API_TOKEN: "secret" } }, me));
	const reader = new Listener();
	got(await sessions.subscribe(id, "0", reader, me));
	for (const content of ["one", "two"]) {
		const { turnId } = got(await sessions.createTurn(id, { content }, null, me));
		await reader.next("turn.done", ({ data }) => data.turnId === turnId);
	}
	const { messages } = got(await sessions.read(id, me));
	const fork = got(await sessions.fork(id, { messageId: messages[1]?.id ?? "" }, me));
	expect(fork.messages).toEqual(messages.slice(0, 2));
	expect(fork.metadata.parent).toEqual({ sessionId: id, messageId: messages[1]?.id });
	expect(got(await sessions.read(id, me)).messages).toHaveLength(4);
	expect(await sessions.fork(id, { messageId: "nothing" }, me)).toMatchObject({ ok: false, error: { code: "not_found" } });
	const stored = await readFile(path.join(home, "sessions", `${fork.id}.environment.json`), "utf8");
	expect(JSON.parse(stored)).toEqual({ VENV: "x" });
	await sessions.close();
});

it("goes back to before a message, and says so to everybody", async () => {
	const home = await newHome();
	const sessions = await openHome(home, scriptedRunner({ wait: untilCancelled }));
	const { id } = got(await sessions.create({ workspace: home }, me));
	const reader = new Listener();
	got(await sessions.subscribe(id, "0", reader, me));
	const turns: string[] = [];
	for (const content of ["one", "two"]) {
		const { turnId } = got(await sessions.createTurn(id, { content }, null, me));
		turns.push(turnId);
		await reader.next("turn.done", ({ data }) => data.turnId === turnId);
	}
	expect(got(await sessions.rewind(id, { messageId: turns[1] ?? "" }, me))).toMatchObject({ removedMessages: 2 });
	const told = await reader.next("session.updated", ({ data }) => data.messages === "rewound");
	expect(told.data.fromMessageId).toBe(turns[1]);
	expect(got(await sessions.read(id, me)).messages).toHaveLength(2);
	got(await sessions.createTurn(id, { content: "wait" }, null, me));
	expect(await sessions.rewind(id, { messageId: turns[0] ?? "" }, me)).toMatchObject({ ok: false, error: { code: "conflict" } });
	await sessions.close();
});

it("exports for people and programs, and imports what it exported under a new id and epoch", async () => {
	const home = await newHome();
	const sessions = await openHome(home, scriptedRunner({ run: (context) => callTools(context, ["c1"]) }));
	const { id } = got(await sessions.create({ workspace: home, mode: "auto" }, me));
	const reader = new Listener();
	got(await sessions.subscribe(id, "0", reader, me));
	got(await sessions.createTurn(id, { content: "run ```it```" }, null, me));
	await reader.next("turn.done");
	const markdown = got(await sessions.export(id, "markdown", me));
	expect(markdown).toContain("## You");
	expect(markdown).toContain("Calls `run_command`");
	const json = got(await sessions.export(id, "json", me));
	const copy = got(await sessions.import(JSON.parse(json), me));
	const original = got(await sessions.read(id, me));
	expect(copy.id).not.toBe(id);
	expect(copy.messages).toEqual(original.messages);
	expect(copy.metadata.epoch).not.toBe(original.metadata.epoch);
	expect(copy.metadata.mode).toBe("ask");
	expect(await sessions.import({ some: "thing" }, me)).toMatchObject({ ok: false, error: { code: "invalid_request" } });
	await sessions.close();
});

it("takes over sessions of the older format, with a copy of each", async () => {
	const home = await newHome();
	await (await openHome(home, scriptedRunner())).close();
	const older = {
		id: "old-session",
		title: "Refactor auth",
		messages: [
			{ role: "system", content: "Be brief." },
			{ role: "user", content: "refactor the auth module" },
			{
				role: "assistant",
				content: null,
				tool_calls: [{ id: "c1", type: "function", function: { name: "read_file", arguments: '{"path":"a.ts"}' } }],
			},
			{ role: "tool", tool_call_id: "c1", content: "content of a.ts" },
			{ role: "assistant", content: [{ type: "text", text: "Done." }] },
		],
		metadata: { workspace: home, model: "qwen", createdAt: "2026-02-28T10:00:00Z" },
	};
	const file = path.join(home, "sessions", "old-session.json");
	await writeFile(file, JSON.stringify(older));
	await writeFile(path.join(home, "sessions", "notes.json"), "[1, 2]");
	const sessions = await openHome(home, scriptedRunner());
	const read = got(await sessions.read("old-session", me));
	expect(read).toMatchObject({
		title: "Refactor auth",
		metadata: { workspace: home, model: "qwen", createdAt: "2026-02-28T10:00:00.000Z" },
	});
	expect(read.messages.map(({ content }) => content)).toEqual(["Be brief.", "refactor the auth module", "", "content of a.ts", "Done."]);
	expect(read.messages[2]?.toolCalls).toEqual([{ id: "c1", name: "read_file", arguments: { path: "a.ts" } }]);
	expect(JSON.parse(await readFile(path.join(home, "sessions", "backups", "old-session.json"), "utf8"))).toEqual(older);
	expect(await readFile(path.join(home, "sessions", "notes.json"), "utf8")).toBe("[1, 2]");
	await sessions.close();
});

it("makes a damaged log anew, keeps the damaged one, and gives it another epoch", async () => {
	const home = await newHome();
	const sessions = await openHome(home, scriptedRunner());
	const { id, metadata } = got(await sessions.create({ workspace: home }, me));
	const reader = new Listener();
	got(await sessions.subscribe(id, "0", reader, me));
	got(await sessions.createTurn(id, { content: "keep me" }, null, me));
	await reader.next("turn.done");
	await sessions.close();
	const log = path.join(home, "sessions", `${id}.jsonl`);
	const lines = (await readFile(log, "utf8")).split("\n");
	lines[5] = "#".repeat(lines[5]?.length ?? 0);
	await writeFile(log, `${lines.join("\n")}x`);
	await writeFile(path.join(home, "sessions", `${id}.json`), "gone");
	const again = await openHome(home, scriptedRunner());
	const read = got(await again.read(id, me));
	expect(read.messages[0]).toMatchObject({ content: "keep me" });
	expect(read.metadata.epoch).not.toBe(metadata.epoch);
	const late = new Listener();
	got(await again.subscribe(id, `${metadata.epoch}:2`, late, me));
	expect((await late.next("resync.required")).data.reason).toBe("epoch_reset");
	expect((await readdir(path.join(home, "sessions"))).some((name) => name.includes(".jsonl.damaged-"))).toBe(true);
	await again.close();
});

it("keeps no more sessions in memory than it may, and none out that is watched", async () => {
	const home = await newHome();
	const sessions = await openHome(home, scriptedRunner(), { maxLoaded: 3 });
	const watched = got(await sessions.create({ workspace: home }, me)).id;
	const reader = new Listener();
	got(await sessions.subscribe(watched, "0", reader, me));
	for (let count = 0; count < 10; count += 1) {
		got(await sessions.create({ workspace: home }, me));
	}
	await expect.poll(() => sessions.counts().loaded.used).toBeLessThanOrEqual(3);
	expect(reader.ended).toBe(false);
	expect(sessions.counts()).toMatchObject({ total: 11, subscribers: 1 });
	got(await sessions.createTurn(watched, { content: "still here" }, null, me));
	await reader.next("turn.done");
	await sessions.close();
});

it("compacts by hand without touching the messages", async () => {
	const home = await newHome();
	const runner = { ...scriptedRunner(), summarize: async () => ({ beforeMessageId: "m", summary: "All of it." }) };
	const sessions = await openHome(home, runner);
	const { id } = got(await sessions.create({ workspace: home }, me));
	got(await sessions.compact(id, me));
	expect(got(await sessions.read(id, me)).compaction).toMatchObject({ summary: "All of it.", beforeMessageId: "m" });
	await sessions.close();
});

it("lets the model name a session after its first turn, unless a person has", async () => {
	const home = await newHome();
	const { config } = await sessionOptions(home, scriptedRunner());
	const titles = { config: (of: string) => ({ ...config(of), agent: { ...config(of).agent, titles: true } }) };
	const sessions = await openHome(
		home,
		{ ...scriptedRunner({ echo: (context) => echo(context, "x") }), title: async () => "  A good\ntitle " },
		titles,
	);
	const reader = new Listener();
	const { id } = got(await sessions.create({ workspace: home }, me));
	got(await sessions.subscribe(id, "0", reader, me));
	got(await sessions.createTurn(id, { content: "hello" }, null, me));
	await reader.next("session.updated", ({ data }) => data.session.title === "A good title");
	const named = got(await sessions.create({ workspace: home, title: "Mine" }, me));
	const other = new Listener();
	got(await sessions.subscribe(named.id, "0", other, me));
	got(await sessions.createTurn(named.id, { content: "hello" }, null, me));
	await other.next("turn.done");
	await sessions.close();
	expect(other.heard.every((event) => event.type !== "session.updated" || event.data.session.title === "Mine")).toBe(true);
});

it("takes no workspace that is not there", async () => {
	const home = await newHome();
	const sessions = await openHome(home, scriptedRunner());
	for (const workspace of ["relative", path.join(home, "missing"), path.join(home, "sessions", "search.sqlite")]) {
		expect(await sessions.create({ workspace }, me)).toMatchObject({ ok: false, error: { code: "invalid_request" } });
	}
	for (const id of ["../x", "", "unknown", "a".repeat(200)]) {
		expect(await sessions.read(id, me)).toMatchObject({ ok: false, error: { code: "not_found" } });
	}
	await sessions.close();
});
