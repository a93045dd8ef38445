import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redactLine } from "./redact-line.ts";

describe("redactLine", () => {
	it("never writes the text of a secret field, whatever is in it", () => {
		const field = fc.constantFrom("authorization", "Authorization", "apiKey", "x-api-key", "hfToken", "adminKey", "cookie");
		fc.assert(
			fc.property(field, fc.string({ minLength: 1 }), fc.string(), (name, secret, other) => {
				const line = redactLine(JSON.stringify({ headers: { [name]: `<${secret}>` }, plain: { other } }));
				expect(JSON.parse(line).headers).toEqual({ [name]: "[redacted]" });
			}),
		);
	});

	it("blacks out keys in texts", () => {
		expect(redactLine('{"msg":"got 401 for Bearer abc.def-123456, hf_ABCDEFGHIJ and sk-proj-1234567890"}')).toBe(
			'{"msg":"got 401 for Bearer [redacted], hf_[redacted] and sk-[redacted]"}',
		);
	});

	it("leaves everything else alone", () => {
		const line = '{"level":30,"promptTokens":12,"route":"/v1/tokenize","task":"task-force-management","msg":"a token was read"}';
		expect(redactLine(line)).toBe(line);
	});
});
