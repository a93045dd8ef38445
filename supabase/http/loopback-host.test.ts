import { describe, expect, it } from "vitest";
import { isOwnLoopbackHost } from "./loopback-host.ts";

describe("isOwnLoopbackHost", () => {
	it.each(["127.0.0.1:54324", "localhost:54324", "LOCALHOST:54324", "mail.optalocal.localhost:54324", "[::1]:54324"])(
		"lets %s in",
		(host) => {
			expect(isOwnLoopbackHost(host, 54_324)).toBe(true);
		},
	);

	it.each([
		undefined,
		"",
		"127.0.0.1",
		"127.0.0.1:54325",
		"evil.example:54324",
		"127.0.0.1.evil.example:54324",
		"localhost.evil.example:54324",
		"evil-localhost:54324",
		"user@127.0.0.1:54324",
		"127.0.0.1:54324 evil.example",
		"192.168.1.2:54324",
		"[::1%25eth0]:54324",
	])("keeps %j out", (host) => {
		expect(isOwnLoopbackHost(host, 54_324)).toBe(false);
	});

	it("takes a missing port for 80", () => {
		expect(isOwnLoopbackHost("localhost", 80)).toBe(true);
	});
});
