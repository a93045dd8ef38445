import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { InMemoryDaemon } from "../testing/in-memory-daemon.ts";
import { openTestChat, type TestChat } from "../testing/open-test-chat.tsx";
import type { TurnStage } from "../testing/turn-stage.ts";
import { columnsOf } from "../text/wrap.ts";

const open: TestChat[] = [];
async function start(...given: Parameters<typeof openTestChat>): Promise<TestChat> {
	const chat = await openTestChat(...given);
	open.push(chat);
	return chat;
}
afterEach(async () => {
	await Promise.all(open.splice(0).map((chat) => chat.close()));
});

const enter = "\r";
const esc = "\u001B";
/** Sequences that erase more than the rows that are drawn again: the screen, the scrollback, from its top. */
const clears = [`${esc}[2J`, `${esc}[3J`, `${esc}[H`, `${esc}[1;1H`, `${esc}c`];
/** Every SGR mark, every move up, every mouse mode. */
const marks = new RegExp(`${esc}\\[([\\d;]+)m`, "g");
const movesUp = new RegExp(`${esc}\\[(\\d+)A`, "g");
const mouse = new RegExp(`${esc}\\[\\?100[0-6]h`);
const tokenCount = 5000;

/** Settles with the next frame of the terminal under test. */
const screen = { drawn: async (): Promise<unknown> => undefined };

/** Words in paragraphs and code, a token at a time, as fast as they are drawn. */
async function stream({ turnId, emit, append }: TurnStage): Promise<void> {
	const messageId = "streamed";
	let text = "";
	for (let token = 0; token < tokenCount; token += 1) {
		const piece = pieceOf(token);
		emit({ type: "turn.token", data: { turnId, messageId, channel: "text", offset: text.length, text: piece } });
		text += piece;
		if (token % 50 === 0) {
			await screen.drawn();
		}
	}
	const message = { id: messageId, role: "assistant" as const, at: "2026-11-23T10:00:00.000Z", turnId, content: text };
	append({ type: "turn.message", data: { turnId, message } });
}

function pieceOf(token: number): string {
	const end =
		token % 300 === 299
			? "\n```\n\n"
			: token % 300 === 200
				? "\n\n```ts\n"
				: token % 20 === 19
					? token % 300 > 200
						? "\n"
						: ".\n\n"
					: " ";
	return `word${token}${end}`;
}

describe("inline chat on a terminal of 80×24", () => {
	it("streams 5,000 tokens without clearing the screen, with small frames, and loses none", async () => {
		const chat = await start(new InMemoryDaemon(stream).clientFor("me"));
		screen.drawn = () => once(chat.terminal.stdout, "data");
		chat.terminal.type(`go${enter}`);
		await expect.poll(() => chat.terminal.text(), { timeout: 25_000 }).toContain("from cache");
		expect(clears.filter((clear) => chat.terminal.written.includes(clear))).toEqual([]);
		expect(Math.max(...Array.from(chat.terminal.written.matchAll(movesUp), ([, rows]) => Number(rows)))).toBeLessThan(24);
		// A frame carries the few tokens that are new, and at most the screen that is drawn again.
		expect(Math.max(...chat.terminal.frames.map((frame) => frame.length))).toBeLessThan(80 * 24 * 2);
		const all = await chat.terminal.text("all");
		const found = Array.from(all.matchAll(/\bword(\d+)\b/g), ([, number]) => Number(number));
		expect(found).toEqual(Array.from({ length: tokenCount }, (_, token) => token));
	});

	it("keeps what was printed and draws the prompt once after the window was made smaller and larger", async () => {
		const chat = await start(new InMemoryDaemon(async ({ say }) => say("An answer that stays.")).clientFor("me"));
		chat.terminal.type(`hi${enter}`);
		await expect.poll(() => chat.terminal.text()).toContain("from cache");
		for (const [columns, rows] of [
			[50, 12],
			[100, 40],
			[80, 24],
		] as const) {
			chat.terminal.resize(columns, rows);
			await expect.poll(async () => (await chat.terminal.text()).match(/› Message/g)?.length).toBe(1);
		}
		expect((await chat.terminal.text("all")).match(/An answer that stays\./g)).toHaveLength(1);
	});

	it("puts the cursor behind wide characters", async () => {
		const chat = await start(new InMemoryDaemon(async () => undefined).clientFor("me"));
		chat.terminal.type("漢字👩‍👩‍👧é");
		await expect.poll(() => chat.terminal.text()).toContain("漢字");
		await expect.poll(async () => chat.terminal.cursor()).toEqual({ x: 2 + columnsOf("漢字👩‍👩‍👧é"), y: 1 });
	});

	it("writes no colour where NO_COLOR asks for none, and only the terminal's own colours otherwise", async () => {
		const script = async ({ say }: TurnStage) => say("Some `code` and **bold**.");
		for (const colors of [false, true]) {
			const chat = await start(new InMemoryDaemon(script).clientFor("me"), { colors });
			chat.terminal.type(`hi${enter}`);
			await expect.poll(() => chat.terminal.text()).toContain("from cache");
			const codes = Array.from(chat.terminal.written.matchAll(marks), ([, code = ""]) => code);
			expect(codes.some((code) => /^(3[0-7]|9[0-7])$/.test(code))).toBe(colors);
			expect(codes.filter((code) => /^(38|48|4[0-7]|10[0-7])(;|$)/.test(code))).toEqual([]);
		}
	});
});

describe("full screen", () => {
	const long = Array.from({ length: 60 }, (_, line) => `Line ${line}.`).join("\n\n");

	it("shows sessions, stream and prompt, scrolls, fits every size, and leaves the terminal as it was", async () => {
		const chat = await start(new InMemoryDaemon(async ({ say }) => say(long)).clientFor("me"), {
			fullScreen: true,
			columns: 100,
			rows: 30,
		});
		const { terminal } = chat;
		await expect.poll(() => terminal.text()).toContain("Ask, or describe a task");
		expect(terminal.isAlternate()).toBe(true);
		terminal.type(`hi${enter}`);
		await expect.poll(() => terminal.text()).toContain("Line 59.");
		expect(await terminal.text()).toContain("Sessions");
		terminal.type("\u001B[5~");
		await expect.poll(() => terminal.text()).toContain("more below");
		expect(await terminal.text()).not.toContain("Line 59.");
		terminal.type("\u001B[6~");
		await expect.poll(() => terminal.text()).toContain("Line 59.");
		for (const [columns, rows] of [
			[60, 15],
			[120, 40],
			[100, 30],
		] as const) {
			terminal.resize(columns, rows);
			await expect.poll(async () => (await terminal.lines()).findLastIndex((line) => line.includes("› Message"))).toBe(rows - 2);
			expect((await terminal.text()).includes("Sessions")).toBe(columns >= 90);
		}
		terminal.type("?");
		await expect.poll(() => terminal.text()).toContain("Shift-Tab");
		await chat.close();
		open.splice(0);
		await terminal.text();
		expect(terminal.isAlternate()).toBe(false);
		expect(terminal.written.lastIndexOf(`${esc}[?25h`)).toBeGreaterThan(terminal.written.lastIndexOf(`${esc}[?25l`));
		expect(terminal.written).not.toMatch(mouse);
	});

	it("streams without erasing the screen", async () => {
		const chat = await start(new InMemoryDaemon(stream).clientFor("me"), { fullScreen: true });
		screen.drawn = () => once(chat.terminal.stdout, "data");
		chat.terminal.type(`go${enter}`);
		await expect.poll(() => chat.terminal.text(), { timeout: 25_000 }).toContain("from cache");
		const streamed = chat.terminal.written.replace(`${esc}[?1049h${esc}[H`, "");
		expect(clears.filter((clear) => streamed.includes(clear))).toEqual([]);
	});

	it("answers questions of other sessions from the inbox", async () => {
		const daemon = new InMemoryDaemon(async ({ ask, say }) => say(`It was ${(await ask({ title: "Run npm test" })).decision}.`));
		const other = await daemon.clientFor("other").createSession({ workspace: "/elsewhere", title: "Night work" });
		const otherId = other.ok ? other.value.id : "";
		await daemon.clientFor("other").createTurn(otherId, { content: "go" }, "key");
		const chat = await start(daemon.clientFor("me"), { fullScreen: true, columns: 100 });
		await expect.poll(() => chat.terminal.text()).toContain("1 waiting elsewhere");
		chat.terminal.type("\u0018");
		await expect.poll(() => chat.terminal.text()).toMatch(/▸ Run npm test +Night work/);
		chat.terminal.type("d");
		await expect
			.poll(() => daemon.sessions.get(otherId)?.view.entries.map((entry) => (entry.kind === "message" ? entry.message.content : "")))
			.toContain("It was deny.");
	});
});
