import { describe, expect, it } from "vitest";
import type { HttpAnswer } from "./http-get.ts";
import { observe, readAnswer } from "./observe.ts";

function answer(status: number, body: unknown): HttpAnswer {
	return { status, body: typeof body === "string" ? body : JSON.stringify(body), latencyMs: 7 };
}

describe("readAnswer", () => {
	it.each([
		["ready", 200, { status: "ok", build: "9", unknown: 1 }, "fine", null],
		["loading a model", 503, { status: "starting", reason: "Loading SmolLM2." }, "impaired", "Loading SmolLM2."],
		["unhealthy, with a reason", 503, { status: "unhealthy", reason: "The model crashed." }, "failing", "The model crashed."],
		["unhealthy, without one", 503, { status: "unhealthy" }, "failing", "Says that it is not ready."],
		["a server error", 500, "<h1>oops</h1>", "failing", "Answers with an error (HTTP 500)."],
		[
			"another program that says 200 to everything",
			200,
			{ error: "Unexpected endpoint" },
			"impaired",
			"Another program answers at its address.",
		],
		["a page where a health body belongs", 200, "<html>", "impaired", "Another program answers at its address."],
		["a route that is not there", 404, "{}", "impaired", "Answers HTTP 404 instead of 200."],
	])("reads %s", (_, status, body, outcome, reason) => {
		expect(readAnswer("health", answer(status, body))).toEqual({ outcome, reason, latencyMs: 7 });
	});

	it("says that a refused key is the key's fault, not an outage", () => {
		expect(readAnswer("page", answer(401, ""))).toMatchObject({ outcome: "impaired", reason: expect.stringContaining("key may be wrong") });
	});

	it("shows no more than a sentence of a server's reason", () => {
		const { reason } = readAnswer("health", answer(503, { status: "unhealthy", reason: "x".repeat(5_000) }));
		expect(reason).toHaveLength(200);
	});
});

describe("observe", () => {
	const request = { url: "http://127.0.0.1:1/readyz", headers: {}, expects: "health" } as const;

	it("ends at its limit when nothing ever comes", async () => {
		const never = (_: unknown, signal: AbortSignal) =>
			new Promise<HttpAnswer>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
		expect(await observe(request, never, 20)).toEqual({ outcome: "failing", reason: "No answer within 0.02 s.", latencyMs: null });
	});

	it("tells a refused connection from a broken one", async () => {
		const fail = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
		expect((await observe(request, fail("ECONNREFUSED"), 1_000)).outcome).toBe("unreachable");
		expect((await observe(request, fail("ECONNRESET"), 1_000)).outcome).toBe("failing");
	});
});
