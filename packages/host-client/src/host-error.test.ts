import { errorBody } from "@opta/contracts/error-body";
import { describe, expect, it } from "vitest";
import { isUnreachable, offlineError, parseErrorResponse, parseRetryAfterMs } from "./host-error.ts";

describe("an error response", () => {
	it("keeps the code and the sentence of a server of this platform", () => {
		const text = JSON.stringify(errorBody("model_not_found", "There is no model named nope."));
		expect(parseErrorResponse(text, 404)).toMatchObject({ code: "model_not_found", message: "There is no model named nope.", status: 404 });
	});

	it.each([
		["a newer server's code", '{"error":{"code":"too_clever","message":"Not today.","type":"x"}}', "Not today."],
		["an HTML page of something in between", "<html>Bad gateway</html>", /status 502/],
		["an empty body", "", /status 502/],
		["JSON of another shape", '{"detail":"no"}', /status 502/],
		["an empty message", '{"error":{"code":"internal","message":""}}', /status 502/],
	])("of %s still has a sentence to show", (_name, text, message) => {
		expect(parseErrorResponse(text, 502).message).toMatch(message);
	});

	it("has the code unknown when the server's code is not one of ours", () => {
		expect(parseErrorResponse('{"error":{"code":"too_clever","message":"x"}}', 400).code).toBe("unknown");
		expect(parseErrorResponse('{"error":{"code":"toString","message":"x"}}', 400).code).toBe("unknown");
	});

	it("counts as unreachable only where nothing between here and the host answered", () => {
		expect(isUnreachable(offlineError())).toBe(true);
		expect(isUnreachable(parseErrorResponse(JSON.stringify(errorBody("host_unreachable", "x")), 502))).toBe(true);
		expect(isUnreachable(parseErrorResponse("", 500))).toBe(false);
	});
});

it.each([
	["3", 3000],
	[" 10 ", 10_000],
	["Wed, 21 Oct 2026 07:28:00 GMT", null],
	["-1", null],
	[null, null],
])("Retry-After %j means %j ms", (header, expected) => {
	expect(parseRetryAfterMs(header)).toBe(expected);
});
