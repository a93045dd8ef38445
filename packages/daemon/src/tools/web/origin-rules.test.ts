import { expect, test } from "vitest";
import { decidePermission } from "../../permissions/decide-permission.ts";
import { isNamedOrigin, originRules } from "./origin-rules.ts";

const decide = (origin: string) =>
	decidePermission({
		mode: "ask",
		tool: "web_fetch",
		kind: "network",
		access: { subjects: [origin] },
		rules: originRules({ allowedOrigins: ["https://*.example.org"], deniedOrigins: ["https://bad.example.org"] }),
		allowed: [],
		repeated: false,
	}).action;

test("allowed origins are not asked for, denied ones are refused, others are asked for", () => {
	expect(decide("https://docs.example.org")).toBe("allow");
	expect(decide("https://bad.example.org")).toBe("deny");
	expect(decide("https://example.com")).toBe("ask");
	expect(decide("http://docs.example.org")).toBe("ask");
});

test("what is private has to be named: a pattern for everything does not", () => {
	const of = (allowedOrigins: string[], deniedOrigins: string[] = []) =>
		isNamedOrigin({ allowedOrigins, deniedOrigins }, "http://localhost:3000");
	expect(of(["http://localhost:3000"])).toBe(true);
	expect(of(["http://localhost:*"])).toBe(true);
	expect(of(["*"])).toBe(false);
	expect(of(["http://*"])).toBe(false);
	expect(of(["http://localhost:*"], ["*"])).toBe(false);
});
