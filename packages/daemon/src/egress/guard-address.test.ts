import fc from "fast-check";
import { expect, it } from "vitest";
import { localReason } from "./guard-address.ts";

const lmx = { host: "192.168.188.11", port: 1234 };

it("allows loopback in all its spellings, and LMX at its port", () => {
	for (const host of [
		"localhost",
		"LOCALHOST",
		"localhost.",
		"app.localhost",
		"127.0.0.1",
		"127.9.9.9",
		"::1",
		"[::1]",
		"::ffff:127.0.0.1",
	]) {
		expect([host, localReason(host, 80, lmx)]).toEqual([host, "loopback"]);
	}
	expect(localReason("192.168.188.11", 1234, lmx)).toBe("lmx");
	expect(localReason("Mono512.local", 1234, { host: "mono512.local.", port: 1234 })).toBe("lmx");
});

it("refuses other ports of LMX's machine, its neighbours and names that only look local", () => {
	expect(localReason("192.168.188.11", 22, lmx)).toBeNull();
	for (const host of ["192.168.188.12", "0.0.0.0", "10.0.0.1", "localhost.example.com", "127.0.0.1.example.com", "1270.0.0.1", "::2", ""]) {
		expect([host, localReason(host, 1234, lmx)]).toEqual([host, null]);
	}
});

it("refuses every public address", () => {
	fc.assert(
		fc.property(fc.ipV4(), fc.integer({ min: 1, max: 65_535 }), (host, port) => {
			fc.pre(!host.startsWith("127.") && host !== lmx.host);
			return localReason(host, port, lmx) === null;
		}),
	);
});
