import { describe, expect, it } from "vitest";
import { judgePassword } from "./password-rules.ts";

describe("judgePassword", () => {
	it("counts characters at the lower end and bytes, which the hash counts, at the upper", () => {
		expect(judgePassword("1234567")).toBe("password_short");
		expect(judgePassword("😀".repeat(7))).toBe("password_short");
		expect(judgePassword("12345678")).toBeNull();
		expect(judgePassword("x".repeat(72))).toBeNull();
		expect(judgePassword("ä".repeat(37))).toBe("password_long");
	});
});
