import { type StreamServerFrame, streamServerFrameSchema } from "@opta/contracts/schema/lmx-stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AnswerListener, Call } from "../../serving/backend.ts";
import { FakeBackend, FakeProvider, fakeUsage } from "../../testing/fake-backend.ts";
import { StreamSession } from "./stream-session.ts";

const call: Call = { requestId: "socket", client: "test", priority: "normal" };
const messages = [{ role: "user", content: "Hi" }];

/** A model whose answers go on only when the test says so. */
class SteppedBackend extends FakeBackend {
	readonly answers: { readonly id: string; readonly listener: AnswerListener; step: number; isOver: boolean }[] = [];

	override chat(...[, { requestId }, listener]: Parameters<FakeBackend["chat"]>): ReturnType<FakeBackend["chat"]> {
		const answer = { id: requestId, listener, step: 0, isOver: false };
		this.answers.push(answer);
		return {
			cancel: () => {
				answer.isOver = true;
			},
		};
	}

	/** Acceptance first, then a piece of text each time. */
	advance(choose: number, how: "on" | "end" | "fail"): void {
		const open = this.answers.filter(({ isOver }) => !isOver);
		const answer = open[choose % Math.max(1, open.length)];
		if (answer === undefined) {
			return;
		}
		const { listener } = answer;
		if (how === "fail") {
			answer.isOver = true;
			listener.onError({ code: "model_crashed", message: "It crashed." });
		} else if (answer.step++ === 0) {
			listener.onAccepted(3);
		} else if (how === "on") {
			listener.onDelta(0, { content: "x" }, null);
		} else {
			answer.isOver = true;
			listener.onFinish(0, "stop", null);
			listener.onEnd(fakeUsage, null);
		}
	}
}

/** Lets everything happen that waits for a promise. */
function settle(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}

const id = fc.constantFrom("a", "b", "c", "d", "e");
const action = fc.oneof(
	{ weight: 4, arbitrary: fc.record({ kind: fc.constant("create" as const), id }) },
	{ weight: 2, arbitrary: fc.record({ kind: fc.constant("cancel" as const), id }) },
	{
		weight: 6,
		arbitrary: fc.record({ kind: fc.constant("advance" as const), choose: fc.nat(9), how: fc.constantFrom("on", "end", "fail") }),
	},
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant("text" as const), text: fc.oneof(fc.json(), fc.string()) }) },
	{ weight: 1, arbitrary: fc.constant({ kind: "settle" as const }) },
);

/** Follows the frames of each id, and says where one is out of order. */
class FrameJudge {
	readonly #states = new Map<string, "asked" | "running">();
	strays = 0;

	get open(): string[] {
		return [...this.#states.keys()].sort();
	}

	ask(asked: string): void {
		this.#states.set(asked, "asked");
	}

	see(frame: StreamServerFrame): void {
		expect(streamServerFrameSchema.parse(frame)).toEqual(frame);
		if (frame.type === "pong" || (frame.type === "error" && (frame.id === null || !this.#states.has(frame.id)))) {
			this.strays++;
			return;
		}
		const state = this.#states.get(frame.id!);
		if (frame.type === "accepted") {
			expect(state).toBe("asked");
			this.#states.set(frame.id, "running");
		} else if (frame.type === "delta" || frame.type === "progress") {
			expect(state).toBe("running");
		} else {
			expect(frame.type === "done" ? [state] : ["asked", "running"]).toContain(frame.type === "done" ? "running" : state);
			this.#states.delete(frame.id!);
		}
	}
}

describe("the frames of a socket", () => {
	it("follow the diagram, whatever the client and the model do, and nothing is left behind", async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (actions) => {
				const backend = new SteppedBackend();
				const models = new FakeProvider(backend);
				const judge = new FrameJudge();
				const session = new StreamSession({ models, call, requestLimit: 3, send: (frame) => judge.see(frame) });
				for (const each of actions) {
					const strays = judge.strays;
					let expectedStrays = 0;
					if (each.kind === "create") {
						const isFree = !judge.open.includes(each.id) && judge.open.length < 3;
						if (isFree) {
							judge.ask(each.id);
						}
						expectedStrays = isFree ? 0 : 1;
						session.receive(JSON.stringify({ id: each.id, model: "fake", messages }));
					} else if (each.kind === "cancel") {
						session.receive(JSON.stringify({ type: "cancel", id: each.id }));
						expect(judge.open).not.toContain(each.id);
					} else if (each.kind === "advance") {
						backend.advance(each.choose, each.how as "on" | "end" | "fail");
					} else if (each.kind === "text") {
						expectedStrays = 1;
						session.receive(each.text);
					} else {
						await settle();
					}
					expect(judge.strays - strays).toBe(expectedStrays);
					expect(session.openChats).toBe(judge.open.length);
				}
				session.close();
				await settle();
				expect(backend.answers.every(({ isOver }) => isOver)).toBe(true);
				expect([models.held, session.openChats]).toEqual([0, 0]);
			}),
			{ numRuns: 300 },
		);
	});

	it("carry the seeds' request, named by an id when it brings none", async () => {
		const models = new FakeProvider();
		const frames: StreamServerFrame[] = [];
		const session = new StreamSession({ models, call, send: (frame) => frames.push(frame) });
		session.receive(JSON.stringify({ model: "fake", messages, tools: [], stream: true }));
		await expect.poll(() => frames.at(-1)?.type).toBe("done");
		const [accepted, first, second, done] = frames as [StreamServerFrame & { id: string }, ...StreamServerFrame[]];
		expect(accepted).toMatchObject({ type: "accepted", model: "fake", prompt_tokens: 10 });
		expect([first, second]).toEqual([
			{ type: "delta", id: accepted.id, index: 0, delta: { content: "Hello" } },
			{ type: "delta", id: accepted.id, index: 0, delta: { content: " world" } },
		]);
		expect(done).toMatchObject({
			id: accepted.id,
			finish_reason: "stop",
			choices: [{ index: 0, finish_reason: "stop" }],
			usage: fakeUsage,
		});
	});

	it("tell how far the prompt is read", async () => {
		const backend = new SteppedBackend();
		const frames: StreamServerFrame[] = [];
		const session = new StreamSession({ models: new FakeProvider(backend), call, send: (frame) => frames.push(frame) });
		session.receive(JSON.stringify({ id: "1", messages, return_progress: true }));
		await settle();
		const prompt_progress = { total: 9, cache: 1, processed: 5, time_ms: 2 };
		backend.answers[0]?.listener.onProgress?.(prompt_progress);
		expect(frames).toEqual([{ type: "progress", id: "1", prompt_progress }]);
		session.close();
	});

	it("hold back the deltas and bring the message at the end when the client does not stream", async () => {
		const frames: StreamServerFrame[] = [];
		const session = new StreamSession({ models: new FakeProvider(), call, send: (frame) => frames.push(frame) });
		session.receive(JSON.stringify({ id: "1", messages, stream: false }));
		await expect.poll(() => frames.length).toBe(2);
		expect(frames[1]).toMatchObject({ type: "done", choices: [{ message: { role: "assistant", content: "Hello world" } }] });
	});

	it("say what is wrong with a request by its parameter", () => {
		const frames: StreamServerFrame[] = [];
		const session = new StreamSession({ models: new FakeProvider(), call, send: (frame) => frames.push(frame) });
		session.receive(JSON.stringify({ id: "1", messages, tempratur: 1 }));
		session.receive(JSON.stringify({ id: "2", type: "shout" }));
		session.receive("{");
		expect(frames).toMatchObject([
			{ type: "error", id: "1", error: { code: "unsupported_parameter", param: "tempratur" } },
			{ type: "error", id: "2", error: { param: "type" } },
			{ type: "error", id: null, error: { code: "invalid_request" } },
		]);
	});
});
