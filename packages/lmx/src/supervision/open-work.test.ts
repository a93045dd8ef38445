import { expect, it } from "vitest";
import type { FromEngine, ToEngine } from "../engine/engine-messages.ts";
import { OpenWork } from "./open-work.ts";

/** A process that remembers what it was told. */
function bench() {
	const told: ToEngine[] = [];
	const work = new OpenWork();
	const process = { send: (message: ToEngine) => void told.push(message) };
	const operate = (signal?: AbortSignal) => work.operate(process, { kind: "embed", inputs: ["a"] }, signal);
	const result = { vectors: [[1]], promptTokens: 1 };
	const answer = (): void => work.onMessage({ type: "operated", id: idOf(told[0]), result } satisfies FromEngine);
	return { told, work, operate, answer, result };
}

function idOf(message: ToEngine | undefined): string {
	return message !== undefined && "id" in message ? message.id : "";
}

it("hands the result of an operation to who asked, and forgets it", async () => {
	const { work, operate, answer, result } = bench();
	const asked = operate(new AbortController().signal);
	expect(work.operations).toBe(1);
	answer();
	expect(await asked).toEqual({ ok: true, value: result });
	expect(work.operations).toBe(0);
});

it("gives an operation up when its client leaves, in the process too, and passes a late result over", async () => {
	const { told, work, operate, answer } = bench();
	const leaving = new AbortController();
	const asked = operate(leaving.signal);
	leaving.abort();
	expect(await asked).toMatchObject({ ok: false, error: { code: "cancelled" } });
	expect(told.map(({ type }) => type)).toEqual(["operate", "cancel"]);
	expect(idOf(told[1])).toBe(idOf(told[0]));
	answer();
	expect(work.size).toBe(0);
});

it("asks nothing for a client that has left, and cancels nothing that is done", async () => {
	const { told, operate, answer } = bench();
	expect(await operate(AbortSignal.abort())).toMatchObject({ ok: false, error: { code: "cancelled" } });
	expect(told).toEqual([]);
	const leaving = new AbortController();
	const asked = operate(leaving.signal);
	answer();
	await asked;
	leaving.abort();
	expect(told.map(({ type }) => type)).toEqual(["operate"]);
});

it("ends what is open with the process, which is told nothing any more", async () => {
	const { told, work, operate } = bench();
	const leaving = new AbortController();
	const asked = operate(leaving.signal);
	work.fail({ code: "model_crashed", message: "It stopped." });
	expect(await asked).toMatchObject({ ok: false, error: { code: "model_crashed" } });
	leaving.abort();
	expect(told.map(({ type }) => type)).toEqual(["operate"]);
});
