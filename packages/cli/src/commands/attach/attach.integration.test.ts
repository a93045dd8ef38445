import { createHeld } from "@opta/daemon/testing/scripted-reply";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CliBench, startCliBench } from "../../testing/cli-process.ts";

let bench: CliBench;
beforeAll(async () => {
	bench = await startCliBench();
});
afterAll(() => bench.close());

interface Line {
	readonly type: string;
	readonly id?: string;
	readonly session?: { readonly permissions: { readonly id: string }[] };
}

function linesOf(stdout: string): Line[] {
	return stdout
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line));
}

it("gives two followers the same events in the same order, and leaves when nothing runs", async () => {
	bench.model.reply({ text: "First." });
	await bench.run(["do", "begin"]);
	const held = createHeld();
	bench.model.reply({ text: "Second" }, { hold: held }, { text: " answer." });
	const writer = bench.start(["do", "--session", "last", "go on"]);
	await held.reached;
	const followers = [1, 2].map(() => bench.start(["attach", "--stream-json", "--until-idle"]));
	await Promise.all(followers.map((follower) => follower.saw('"type":"session.snapshot"')));
	held.release();
	const [first, second] = await Promise.all(followers.map(async ({ finished }) => finished));
	expect((await writer.finished).code).toBe(0);
	expect([first?.code, second?.code]).toEqual([0, 0]);
	const durable = (stdout = ""): (string | undefined)[] => linesOf(stdout).flatMap(({ id }) => (id === undefined ? [] : [id]));
	expect(durable(first?.stdout)).toEqual(durable(second?.stdout));
	expect(linesOf(first?.stdout ?? "").map(({ type }) => type)).toContain("turn.done");
});

it("shows a question that was open before it came", async () => {
	bench.model.reply({ call: "run_command", arguments: { command: "touch later.txt" } });
	bench.model.reply({ text: "Later." });
	const writer = bench.start(["do", "--wait-for-approval", "make a file"]);
	await writer.saw("waiting for somebody to answer");
	const follower = bench.start(["attach", "--stream-json"]);
	await follower.saw('"type":"session.snapshot"');
	follower.child.kill("SIGINT");
	const { code, stdout } = await follower.finished;
	expect(code).toBe(130);
	expect(linesOf(stdout)[0]?.session?.permissions).toHaveLength(1);
	writer.child.kill("SIGINT");
	expect((await writer.finished).code).toBe(130);
});
