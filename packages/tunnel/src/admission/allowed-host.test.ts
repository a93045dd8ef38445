import { describe, expect, it } from "vitest";
import { isAllowedHost } from "./allowed-host.ts";

const configured = new Set(["mono512.example.com"]);

describe("isAllowedHost", () => {
	it.each([
		"127.0.0.1:8788",
		"127.0.0.1",
		"localhost:8788",
		"[::1]:8788",
		"door.optalocal.localhost:8788",
		"MONO512.example.com",
		"mono512.example.com:443",
	])("answers to %s", (host) => expect(isAllowedHost([host], configured)).toBe(true));

	it.each([
		"evil.com",
		"localhost.evil.com",
		"127.0.0.1.evil.com",
		"evil.com:8788",
		"x.mono512.example.com",
		"mono512.example.com.",
		"mono512.example.com@evil.com",
		"127.0.0.1:8788@evil.com",
		"127.0.0.1, evil.com",
		"192.168.1.10:8788",
		"0.0.0.0",
		"",
		" ",
	])("does not answer to %j", (host) => expect(isAllowedHost([host], configured)).toBe(false));

	it("does not answer to a request with two names or none", () => {
		expect(isAllowedHost(["127.0.0.1", "evil.com"], configured)).toBe(false);
		expect(isAllowedHost(undefined, configured)).toBe(false);
	});
});
