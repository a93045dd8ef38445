import { describe, expect, it } from "vitest";
import { isOwnHost, isOwnOrigin } from "./host-guard.ts";

const configured = ["ai.example.org"];

describe("isOwnHost", () => {
	it.each([
		"127.0.0.1:1234",
		"localhost",
		"lmx.optalocal.localhost:1234",
		"[::1]:1234",
		"192.168.1.20:1234",
		"mono512",
		"MONO512.local:1234",
		"opta-lmx-mono512.local:1234",
		"ai.example.org",
	])("answers to %s", (host) => expect(isOwnHost(host, configured, "Mono512.local")).toBe(true));

	it.each([
		undefined,
		"",
		"evil.com",
		"localhost.evil.com",
		"127.0.0.1.evil.com",
		"evil.com:1234",
		"127.0.0.1:1234@evil.com",
		"mono512.evil.com",
		"x.ai.example.org",
		"ai.example.org.",
		"127.0.0.1, evil.com",
		"[::1",
	])("does not answer to %s", (host) => expect(isOwnHost(host, configured, "mono512")).toBe(false));
});

describe("isOwnOrigin", () => {
	it("lets programs and its own pages in, and no other page", () => {
		expect(isOwnOrigin({ host: "127.0.0.1:1234", origin: undefined })).toBe(true);
		expect(isOwnOrigin({ host: "127.0.0.1:1234", origin: "http://127.0.0.1:1234" })).toBe(true);
		for (const origin of ["https://evil.com", "null", "http://127.0.0.1:3000", "http://127.0.0.1:1234.evil.com"]) {
			expect(isOwnOrigin({ host: "127.0.0.1:1234", origin })).toBe(false);
		}
	});
});
