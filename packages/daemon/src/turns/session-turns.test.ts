import { cp } from "node:fs/promises";
import path from "node:path";
import type { SessionEvent } from "@opta/contracts/schema/daemon-events";
import type { Message } from "@opta/contracts/schema/daemon-message";
import fc from "fast-check";
import { expect, it } from "vitest";
import { isDraft } from "../platform/replace-file.ts";
import type { Sessions } from "../sessions/sessions.ts";
import { callTools, type Script, scriptedRunner, untilCancelled } from "../testing/scripted-runner.ts";
import { got, Listener, localCaller as me, newHome, openHome, sessionOptions } from "../testing/session-home.ts";
import { openCalls } from "./open-calls.ts";

const script: Script = {
	wait: untilCancelled,
	run: (context) => callTools(context, ["c1"]),
	both: (context) => callTools(context, ["c1", "c2"]),
};

async function newSession(also: Parameters<typeof openHome>[2] = {}) {
	const home = await newHome();
	const runner = scriptedRunner(script);
	const sessions = await openHome(home, runner, also);
	const { id } = got(await sessions.create({ workspace: home }, me));
	return { home, runner, sessions, id, ...(await listen(sessions, id)) };
}

async function listen(sessions: Sessions, id: string) {
	const reader = new Listener();
	got(await sessions.subscribe(id, "0", reader, me));
	const say = async (content: string, mode?: "queue" | "steer" | "reject", key: string | null = null) =>
		got(await sessions.createTurn(id, { content, ...(mode === undefined ? {} : { mode }) }, key, me));
	const ended = (turnId: string) => reader.next("turn.done", ({ data }) => data.turnId === turnId);
	return { reader, say, ended };
}

/** What a home looks like to the daemon that starts after a kill -9 at this moment. */
async function killed(home: string): Promise<string> {
	const copy = await newHome();
	// Drafts of files come and go while this copies; a daemon that starts takes no notice of them.
	await cp(home, copy, { recursive: true, filter: (source) => !isDraft(path.basename(source)) });
	return copy;
}

it("runs turns one after the other, in the order in which they came", async () => {
	const { sessions, runner, say, ended, reader } = await newSession();
	const turns = await Promise.all(["one", "two", "three"].map((text) => say(text)));
	await Promise.all(turns.map(({ turnId }) => ended(turnId)));
	expect(runner.turns).toEqual(turns.map(({ turnId }) => turnId));
	expect(runner.mostActive).toBe(1);
	expect(reader.seqs()).toEqual(reader.seqs().map((_, index) => index + 1));
	await sessions.close();
});

it("lets a message join the turn that runs, or refuses it, as it was told", async () => {
	let joined: readonly Message[] = [];
	let look: () => void = () => undefined;
	const looked = new Promise<void>((resolve) => {
		look = resolve;
	});
	const steered: Script = {
		work: async (context) => {
			await looked;
			joined = await context.takeSteering();
			return { ok: true, reason: "stop", usage: { promptTokens: 1, cachedTokens: 0, completionTokens: 1 } };
		},
	};
	const home = await newHome();
	const sessions = await openHome(home, scriptedRunner(steered));
	const { id } = got(await sessions.create({ workspace: home }, me));
	const { reader, say, ended } = await listen(sessions, id);
	const first = await say("work");
	await reader.next("turn.started");
	expect(await sessions.createTurn(id, { content: "no", mode: "reject" }, null, me)).toMatchObject({
		ok: false,
		error: { code: "conflict" },
	});
	const second = await say("and this", "steer");
	look();
	expect((await ended(second.turnId)).data).toMatchObject({ reason: "joined", joinedTurnId: first.turnId });
	expect((await ended(first.turnId)).data.reason).toBe("stop");
	expect(joined).toMatchObject([{ role: "user", content: "and this", turnId: first.turnId }]);
	expect((await say("alone now", "reject")).turnId).not.toBe(first.turnId);
	await sessions.close();
});

it("answers the same key with the same turn, also after a restart, and refuses it for another message", async () => {
	const { sessions, home, id, say, ended, runner } = await newSession();
	const all = await Promise.all([say("hello", "queue", "key-1"), say("hello", "queue", "key-1"), say("hello", "queue", "key-1")]);
	expect(new Set(all.map(({ turnId }) => turnId)).size).toBe(1);
	await ended(all[0]?.turnId ?? "");
	expect(await sessions.createTurn(id, { content: "other" }, "key-1", me)).toMatchObject({ ok: false, error: { code: "conflict" } });
	await sessions.close();
	const again = await openHome(home, runner);
	expect(got(await again.createTurn(id, { content: "hello" }, "key-1", me))).toEqual(all[0]);
	expect(runner.turns).toHaveLength(1);
	await again.close();
});

it("cancels right after a turn was taken, while it runs, while it waits, and again without harm", async () => {
	const { sessions, id, say, ended, reader } = await newSession();
	const early = await say("wait");
	expect(got(await sessions.cancel(id, undefined, me))).toEqual({ cancelled: [early.turnId] });
	expect((await ended(early.turnId)).data.reason).toBe("cancelled");
	const runs = await say("wait");
	const waits = await say("wait");
	await reader.next("turn.started", ({ data }) => data.turnId === runs.turnId);
	expect(got(await sessions.cancel(id, waits.turnId, me))).toEqual({ cancelled: [waits.turnId] });
	await ended(waits.turnId);
	got(await sessions.cancel(id, runs.turnId, me));
	got(await sessions.cancel(id, runs.turnId, me));
	await ended(runs.turnId);
	expect(got(await sessions.cancel(id, undefined, me))).toEqual({ cancelled: [] });
	const after = await say("still answers");
	expect((await ended(after.turnId)).data.reason).toBe("stop");
	expect(reader.heard.filter(({ type }) => type === "turn.done")).toHaveLength(4);
	await sessions.close();
});

it("cancels the running turn and all behind it in one go", async () => {
	const { sessions, id, say, ended, runner } = await newSession();
	const turns = await Promise.all(["wait", "wait", "wait"].map((text) => say(text)));
	expect(got(await sessions.cancel(id, undefined, me)).cancelled.sort()).toEqual(turns.map(({ turnId }) => turnId).sort());
	await Promise.all(turns.map(({ turnId }) => ended(turnId)));
	expect(runner.turns.length).toBeLessThanOrEqual(1);
	await sessions.close();
});

it("cancels the turn that begins while another ends, at whatever moment it is told to", async () => {
	const { sessions, id, say, ended } = await newSession();
	for (let steps = 0; steps < 40; steps += 1) {
		const [first, second] = await Promise.all([say("hello"), say("wait")]);
		await ended(first?.turnId ?? "");
		for (let step = 0; step < steps; step += 1) {
			await Promise.resolve();
		}
		got(await sessions.cancel(id, undefined, me));
		expect((await ended(second?.turnId ?? "")).data.reason).toBe("cancelled");
	}
	await sessions.close();
});

it("takes so many turns and no more", async () => {
	const { sessions, id, say } = await newSession();
	await say("wait");
	await Promise.all(Array.from({ length: 31 }, () => say("wait")));
	const outcomes = await Promise.all(Array.from({ length: 4 }, () => sessions.createTurn(id, { content: "more" }, null, me)));
	expect(outcomes.some((outcome) => !outcome.ok && outcome.error.code === "queue_full" && outcome.error.retryAfterMs !== undefined)).toBe(
		true,
	);
	await sessions.close();
});

it("takes the first answer to a question, tells the second who was first, and closes it on cancel", async () => {
	const { sessions, id, say, ended, reader } = await newSession();
	const turn = await say("run it");
	const { permission } = (await reader.next("permission.request")).data;
	expect(got(await sessions.permissions(undefined, me))).toEqual([permission]);
	expect(got(await sessions.read(id, me))).toMatchObject({ permissions: [permission], turns: [{ turnId: turn.turnId, state: "waiting" }] });
	const phone = { ...me, clientName: "phone" };
	const answer = { permissionId: permission.id, decision: "allow" as const };
	const answers = await Promise.all([
		sessions.answerPermission(answer, me),
		sessions.answerPermission({ ...answer, decision: "deny" }, phone),
	]);
	expect(answers[0]).toMatchObject({ ok: true, value: { decision: "allow", by: "terminal" } });
	expect(answers[1]).toMatchObject({
		ok: false,
		error: { code: "conflict", details: { resolution: { decision: "allow", by: "terminal" } } },
	});
	expect((await ended(turn.turnId)).data.reason).toBe("stop");
	expect(await sessions.answerPermission(answer, phone)).toMatchObject({ ok: false, error: { code: "conflict" } });

	const second = await say("run it again");
	const asked = (await reader.next("permission.request", ({ data }) => data.turnId === second.turnId)).data.permission;
	got(await sessions.cancel(id, undefined, phone));
	expect((await ended(second.turnId)).data.reason).toBe("cancelled");
	const closed = await reader.next("permission.resolved", ({ data }) => data.permissionId === asked.id);
	expect(closed.data).toMatchObject({ decision: "deny", cause: "cancelled", by: "phone" });
	expect(openCalls(got(await sessions.read(id, me)).messages)).toEqual([]);
	await sessions.close();
});

it("keeps what was allowed for a session within it, and what was allowed for a project within that", async () => {
	const { sessions, id, say, ended, reader, home } = await newSession();
	const first = await say("run it");
	const { permission } = (await reader.next("permission.request")).data;
	got(await sessions.answerPermission({ permissionId: permission.id, decision: "allow", scope: "session" }, me));
	await ended(first.turnId);
	const second = await say("run it");
	await ended(second.turnId);
	expect(reader.heard.filter(({ type }) => type === "permission.request")).toHaveLength(1);

	const other = got(await sessions.create({ workspace: home }, me));
	const there = await listen(sessions, other.id);
	const asks = await there.say("run it");
	const asked = (await there.reader.next("permission.request")).data.permission;
	got(await sessions.answerPermission({ permissionId: asked.id, decision: "allow", scope: "project" }, me));
	await there.ended(asks.turnId);
	const third = got(await sessions.create({ workspace: home }, me));
	const free = await listen(sessions, third.id);
	await free.ended((await free.say("run it")).turnId);
	const elsewhere = got(await sessions.create({ workspace: await newHome() }, me));
	const far = await listen(sessions, elsewhere.id);
	await far.say("run it");
	await far.reader.next("permission.request");
	expect(got(await sessions.permissions(id, me))).toEqual([]);
	await sessions.close();
});

it("denies by itself when the time is over", async () => {
	const home = await newHome();
	const options = await sessionOptions(home, scriptedRunner(script));
	const config: typeof options.config = (of) => ({
		...options.config(of),
		permissions: { ...options.config(of).permissions, timeoutMs: 20 },
	});
	const sessions = await openHome(home, scriptedRunner(script), { config });
	const { id } = got(await sessions.create({ workspace: home }, me));
	const { reader, say, ended } = await listen(sessions, id);
	const { turnId } = await say("run it");
	expect((await reader.next("permission.resolved")).data).toMatchObject({ decision: "deny", cause: "timed_out" });
	await ended(turnId);
	await sessions.close();
});

it.each(["kill -9", "an orderly stop"])(
	"goes on at the question that was open after %s, and runs the tool when it is allowed",
	async (how) => {
		const { sessions, id, say, reader, home } = await newSession();
		const { turnId } = await say("both of them");
		await reader.next("permission.request", ({ data }) => data.permission.callId === "c2");
		const queued = await say("after that");
		const asked = got(await sessions.permissions(id, me));
		expect(asked).toHaveLength(2);
		const left = how === "kill -9" ? await killed(home) : home;
		await sessions.close();

		const runner = scriptedRunner(script);
		const again = await openHome(left, runner);
		expect(got(await again.permissions(undefined, me))).toEqual(asked);
		expect(got(await again.list({}, me)).sessions).toMatchObject([{ id, waiting: true }]);
		const there = await listen(again, id);
		for (const { id: permissionId } of asked) {
			got(await again.answerPermission({ permissionId, decision: "allow" }, me));
		}
		expect((await there.ended(turnId)).data.reason).toBe("stop");
		await there.ended(queued.turnId);
		const { messages } = got(await again.read(id, me));
		expect(messages.filter(({ role }) => role === "tool")).toMatchObject([{ content: "ran" }, { content: "ran" }]);
		expect(there.reader.heard.filter(({ type }) => type === "permission.request")).toHaveLength(2);
		expect(runner.turns).toEqual([turnId, queued.turnId]);
		await again.close();
	},
);

it("takes an answer that comes after a restart before the turn has asked again, and asks no second time", async () => {
	const { sessions, id, say, reader, home } = await newSession();
	const { turnId } = await say("run it");
	await reader.next("permission.request");
	await sessions.close();

	const answered = Promise.withResolvers<void>();
	const late: Script = { run: (context) => answered.promise.then(() => callTools(context, ["c1"])) };
	const again = await openHome(home, scriptedRunner(late));
	const there = await listen(again, id);
	const [asked] = got(await again.permissions(id, me));
	got(await again.answerPermission({ permissionId: asked?.id ?? "", decision: "allow" }, me));
	answered.resolve();
	expect((await there.ended(turnId)).data.reason).toBe("stop");
	expect(got(await again.read(id, me)).messages.filter(({ role }) => role === "tool")).toMatchObject([{ content: "ran" }]);
	expect(there.reader.heard.filter(({ type }) => type === "permission.request")).toHaveLength(1);
	await again.close();
});

it.each(["kill -9", "an orderly stop"])("says that a running turn was interrupted by %s, and lets queued ones run", async (how) => {
	const { sessions, id, say, reader, home } = await newSession();
	const { turnId } = await say("wait");
	await reader.next("turn.started");
	const queued = await say("after that");
	const left = how === "kill -9" ? await killed(home) : home;
	await sessions.close();
	const again = await openHome(left, scriptedRunner(script));
	const there = await listen(again, id);
	expect((await there.reader.next("turn.error")).data).toMatchObject({ turnId, interrupted: true });
	expect((await there.ended(queued.turnId)).data.reason).toBe("stop");
	expect(there.reader.seqs()).toEqual(there.reader.seqs().map((_, index) => index + 1));
	await again.close();
});

it("lets running turns end before the daemon stops, and begins none meanwhile", async () => {
	const { sessions, id, say, reader } = await newSession();
	await say("wait");
	await reader.next("turn.started");
	expect(await sessions.drain(10)).toBe(false);
	expect(await sessions.createTurn(id, { content: "more" }, null, me)).toMatchObject({ ok: false, error: { code: "unavailable" } });
	const drained = sessions.drain(10_000);
	got(await sessions.cancel(id, undefined, me));
	expect(await drained).toBe(true);
	await sessions.close();
});

type Step = { readonly do: "say" | "steer" | "cancel" | "answer" | "kill" | "stop"; readonly text: string };

const step: fc.Arbitrary<Step> = fc.record({
	do: fc.constantFrom("say", "say", "say", "steer", "cancel", "answer", "kill", "stop"),
	text: fc.constantFrom("hello", "wait", "run it", "both"),
});

it("ends every turn that was taken exactly once, whatever clients do and however often the daemon dies", async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
			let home = await newHome();
			const runner = scriptedRunner(script);
			let sessions = await openHome(home, runner);
			const { id } = got(await sessions.create({ workspace: home }, me));
			const accepted = new Set<string>();
			for (const { do: what, text } of steps) {
				if (what === "say" || what === "steer") {
					const mode = what === "steer" ? "steer" : "queue";
					accepted.add(got(await sessions.createTurn(id, { content: text, mode }, null, me)).turnId);
				} else if (what === "cancel") {
					got(await sessions.cancel(id, undefined, me));
				} else if (what === "answer") {
					for (const { id: permissionId } of got(await sessions.permissions(id, me))) {
						await sessions.answerPermission({ permissionId, decision: text === "hello" ? "deny" : "allow" }, me);
					}
				} else {
					const left = what === "kill" ? await killed(home) : home;
					await sessions.close();
					home = left;
					sessions = await openHome(home, runner);
				}
			}
			got(await sessions.cancel(id, undefined, me));
			await expect.poll(() => sessions.counts(), { interval: 2 }).toMatchObject({ running: 0, waiting: 0 });
			await expect.poll(async () => got(await sessions.read(id, me)).turns, { interval: 2 }).toEqual([]);
			const { events } = got(await sessions.events(id, "0", 1000, me));
			expect(runner.mostActive).toBeLessThanOrEqual(1);
			expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
			expectWholeTurns(events, accepted);
			const { messages, permissions } = got(await sessions.read(id, me));
			expect(openCalls(messages)).toEqual([]);
			expect(permissions).toEqual([]);
			await sessions.close();
		}),
		{ numRuns: 25 },
	);
});

/** Each accepted turn is in the log with one beginning at most and one end, and none begins while another has not ended. */
function expectWholeTurns(events: readonly SessionEvent[], accepted: ReadonlySet<string>): void {
	const ends = new Map<string, number>();
	let running: string | null = null;
	for (const event of events) {
		if (event.type === "turn.message" && event.data.message.id === event.data.turnId) {
			expect(running).toBeNull();
			running = event.data.turnId;
		} else if (event.type === "turn.done" || event.type === "turn.error") {
			const { turnId } = event.data;
			ends.set(turnId, (ends.get(turnId) ?? 0) + 1);
			running = running === turnId ? null : running;
		}
	}
	for (const turnId of accepted) {
		expect(ends.get(turnId)).toBe(1);
	}
	expect(running).toBeNull();
}
