import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { startTestDaemon, type TestDaemon } from "@opta/daemon/testing/daemon-in-process";
import { createHeld } from "@opta/daemon/testing/scripted-reply";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { environment } from "../env.ts";
import { openPty, type PtyProgram } from "./testing/open-pty.ts";

const enter = "\r";
const escapeKey = "\u001B";
const leavesTerminalClean = (program: PtyProgram): void => {
	const written = program.written();
	for (const [on, off] of [
		["\u001B[?25l", "\u001B[?25h"],
		["\u001B[?2004h", "\u001B[?2004l"],
		["\u001B[?1049h", "\u001B[?1049l"],
		["\u001B[?2026h", "\u001B[?2026l"],
	] as const) {
		expect(written.lastIndexOf(off), JSON.stringify(off)).toBeGreaterThanOrEqual(written.lastIndexOf(on));
	}
};

describe("the chat, as a person drives it", () => {
	let daemon: TestDaemon;
	const programs: PtyProgram[] = [];
	beforeAll(async () => {
		daemon = await startTestDaemon();
		await writeFile(path.join(daemon.workspace, "answer.ts"), "export const answer = 41;\n");
	});
	afterEach(() => {
		for (const program of programs.splice(0)) {
			program.pty.kill("SIGKILL");
		}
	});
	afterAll(() => daemon.close());

	function open(...args: readonly string[]): PtyProgram {
		const own = { PATH: environment.PATH ?? "", HOME: daemon.home, OPTA_HOME: daemon.home, TERM: "xterm-256color", SHELL: "/bin/sh" };
		const program = openPty(args, daemon.workspace, own);
		programs.push(program);
		return program;
	}
	const shows = (program: PtyProgram, text: string) => expect.poll(() => program.screen(), { timeout: 30_000 }).toContain(text);

	it("asks, allows a change, sees the diff, cancels, goes to another session, quits", async () => {
		const { model } = daemon;
		const other = await daemon.client().createSession({ workspace: daemon.workspace, title: "Older work" });
		expect(other.ok).toBe(true);
		const chat = open("chat");
		await shows(chat, "Ask, or describe a task");
		model.reply({ text: "I change it." }, { call: "write_file", arguments: { path: "answer.ts", content: "export const answer = 42;\n" } });
		model.reply({ text: "It is **42** now." });
		chat.type("fix the answer");
		await shows(chat, "› fix the answer");
		chat.type(enter);
		await shows(chat, "a once");
		await shows(chat, "+export const answer = 42;");
		expect(await readFile(path.join(daemon.workspace, "answer.ts"), "utf8")).toContain("41");
		chat.type("a");
		await shows(chat, "+1 −1");
		await shows(chat, "It is 42 now.");
		expect(await readFile(path.join(daemon.workspace, "answer.ts"), "utf8")).toContain("42");

		model.reply({ text: "I begin and " }, { hang: true });
		chat.type("and now something long");
		await shows(chat, "› and now something long");
		chat.type(enter);
		await shows(chat, "I begin and");
		chat.type(escapeKey);
		await shows(chat, "Cancelled.");

		chat.type("/sessions");
		await shows(chat, "▸ /sessions");
		chat.type(enter);
		await shows(chat, "Older work");
		chat.type("Older");
		await shows(chat, "▸ Older work");
		chat.type(enter);
		await shows(chat, "· Older work");

		chat.type("/quit");
		await shows(chat, "▸ /quit");
		chat.type(enter);
		expect(await chat.ended).toMatchObject({ exitCode: 0 });
		leavesTerminalClean(chat);
		expect(await chat.everything()).toContain("It is 42 now.");
	});

	it("shows a turn of another terminal while it happens, in both", async () => {
		const sessionId = await daemon.createSession();
		const [first, second] = [open("chat", "--session", sessionId), open("chat", "--session", sessionId)];
		await Promise.all([first, second].map((program) => shows(program, "› Message")));
		const held = createHeld();
		daemon.model.reply({ text: "Half of it" }, { hold: held }, { text: " and the rest." });
		first.type("tell both");
		await shows(first, "› tell both");
		first.type(enter);
		await Promise.all([first, second].map((program) => shows(program, "Half of it")));
		held.release();
		await Promise.all([first, second].map((program) => shows(program, "Half of it and the rest.")));
		expect(await second.screen()).toContain("from another client");
	});

	it("finds the daemon again after it was started anew, and goes on in the same session", async () => {
		const chat = open("chat");
		await shows(chat, "Ask, or describe a task");
		daemon.model.reply({ text: "Before." });
		chat.type(`one${enter}`);
		await shows(chat, "Before.");
		await daemon.restart();
		daemon.model.reply({ text: "After." });
		await shows(chat, "scripted · ask");
		chat.type("two");
		await shows(chat, "› two");
		chat.type(enter);
		await shows(chat, "After.");
		expect((await chat.everything()).match(/Before\./g)).toHaveLength(1);
	});

	it("gives the terminal back when it is ended from outside, in the full screen too", async () => {
		const tui = open("tui");
		await shows(tui, "An agent on your own models.");
		expect(tui.isAlternate()).toBe(true);
		tui.resize(70, 20);
		await expect.poll(() => tui.screen()).not.toContain("Sessions");
		tui.pty.kill("SIGTERM");
		await tui.ended;
		await tui.screen();
		expect(tui.isAlternate()).toBe(false);
		leavesTerminalClean(tui);
	});
});
