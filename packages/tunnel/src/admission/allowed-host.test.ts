import { describe, expect, it } from "vitest";
import { isAllowedHost, isAllowedLanHost } from "./allowed-host.ts";

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

describe("isAllowedLanHost", () => {
	const answers = (host: string, hostname = "Mono512"): boolean => isAllowedLanHost([host], hostname, configured);

	it.each([
		"192.168.1.10:8789",
		"10.0.0.1",
		"[fe80::1]:8789",
		"mono512",
		"MONO512.local:8789",
		"mono512.example.com",
		"127.0.0.1",
		"localhost",
	])("answers to %s", (host) => expect([answers(host), answers(host, "mono512.local")]).toEqual([true, true]));

	it.each([
		"evil.com",
		"mono512.evil.com",
		"mono512.local.evil.com",
		"192.168.1.10.evil.com",
		"192.168.1",
		"1.2.3.4.5",
		"[::1",
		"0x7f000001",
		"",
		"local",
		".local",
	])("does not answer to %j", (host) => expect([answers(host), answers(host, "")]).toEqual([false, false]));

	it("does not answer to a request with two names or none", () => {
		expect(isAllowedLanHost(["10.0.0.1", "10.0.0.1"], "mono512", configured)).toBe(false);
		expect(isAllowedLanHost(undefined, "mono512", configured)).toBe(false);
	});
});
