import { describe, expect, it } from "vitest";
import { inlineScriptHashes, withPolicy } from "./inline-script-hashes.ts";

const page =
	'<!DOCTYPE html><html><head><meta charset="utf-8"/><script>a()</script><script src="/x.js"></script></head><body><script id="1">b("é")</script><script>a()</script></body></html>';

describe("inlineScriptHashes", () => {
	it("hashes each inline script once and leaves scripts with a source alone", () => {
		expect(inlineScriptHashes(page)).toEqual([
			"'sha256-qVpDBgj7bpq5hMAcGp3AOc79J3Y1Z4HvySTwKrWDoy4='",
			"'sha256-PXjX8jtrcQLGkwjjiDg+RpNzJQ37NsOgOIuxQN86l/4='",
		]);
	});
});

describe("withPolicy", () => {
	it("stands before the first script", () => {
		const result = withPolicy(page, "script-src 'self'");
		expect(result.indexOf("Content-Security-Policy")).toBeLessThan(result.indexOf("<script"));
		expect(result).toContain(`content="script-src 'self'"`);
	});

	it("refuses a page that has one, and a page without a head", () => {
		expect(() => withPolicy(withPolicy(page, "x"), "y")).toThrow("already");
		expect(() => withPolicy("<p>", "x")).toThrow("<head>");
	});
});
