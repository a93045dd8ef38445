import { describe, expect, it } from "vitest";
import { errorBody } from "./error-body.ts";
import { isErrorCode } from "./error-codes.ts";

describe("errorBody", () => {
	it("has the OpenAI shape, so that its clients raise their own error classes", () => {
		expect(errorBody("invalid_request", "`n` must be 1.", { param: "n" })).toEqual({
			error: { code: "invalid_request", message: "`n` must be 1.", type: "invalid_request_error", param: "n" },
		});
		expect(errorBody("session_expired", "…").error.type).toBe("authentication_error");
		expect(errorBody("queue_full", "…").error.type).toBe("rate_limit_error");
		expect(errorBody("model_crashed", "…").error.type).toBe("server_error");
	});

	it("knows its own codes only", () => {
		expect(isErrorCode("not_found")).toBe(true);
		expect(isErrorCode("toString")).toBe(false);
	});
});
