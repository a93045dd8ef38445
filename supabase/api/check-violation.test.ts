import { describe, expect, it } from "vitest";
import { checkViolation } from "./check-violation.ts";

const lite = (message: string) => JSON.stringify({ code: "SUP", details: null, hint: null, message });

describe("checkViolation", () => {
	it("answers as PostgREST does", () => {
		const answer = checkViolation(500, lite('error: new row for relation "hosts" violates check constraint "hosts_name_check"'));
		expect(answer?.status).toBe(400);
		expect(JSON.parse(answer?.body ?? "")).toEqual({
			code: "23514",
			details: null,
			hint: null,
			message: 'new row for relation "hosts" violates check constraint "hosts_name_check"',
		});
	});

	it.each([
		[500, lite("error: out of memory")],
		[200, '[{"display_name":"SUP"}]'],
		[500, '{"code":"XX000","message":"\\"SUP\\""}'],
	])("leaves every other answer alone (%i %s)", (status, body) => {
		expect(checkViolation(status, body)).toBeNull();
	});
});
