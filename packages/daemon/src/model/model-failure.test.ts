import { expect, it } from "vitest";
import { retryAfterMs, serverFailure } from "./model-failure.ts";

it.each([
	["LMX's own codes", { error: { code: "insufficient_memory", message: "Too large.", type: "server_error" } }, 503, "insufficient_memory"],
	[
		"llama-server, prompt too long",
		{ error: { type: "exceed_context_size_error", message: "the request exceeds the available context size" } },
		400,
		"context_length_exceeded",
	],
	["vLLM, prompt too long", { error: { message: "This model's maximum context length is 4096 tokens." } }, 400, "context_length_exceeded"],
	["OpenAI's code", { error: { code: "context_length_exceeded", message: "Too long." } }, 400, "context_length_exceeded"],
	["no words, overloaded", null, 503, "unavailable"],
	["no words, wrong key", "<html>", 401, "unauthenticated"],
	["too many requests", { error: { message: "Slow down" } }, 429, "rate_limited"],
	["in a stream", { error: { message: "Boom" } }, null, "unavailable"],
] as const)("reads the error of %s", (_name, body, status, code) => {
	expect(serverFailure(body, status)).toMatchObject({ code, message: expect.stringMatching(/./) });
});

it("reads Retry-After in both of its forms", () => {
	const now = Date.parse("2026-11-23T10:00:00Z");
	expect(retryAfterMs("7", now)).toBe(7000);
	expect(retryAfterMs("Mon, 23 Nov 2026 10:00:30 GMT", now)).toBe(30_000);
	expect(retryAfterMs("Mon, 23 Nov 2026 09:00:00 GMT", now)).toBe(0);
	expect([null, "", "soon"].map((header) => retryAfterMs(header, now))).toEqual([null, null, null]);
});
