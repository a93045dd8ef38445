import { describe, expect, it } from "vitest";
import { addressKey, isLocalPeer, isLoopbackBind } from "./peer.ts";

describe("isLocalPeer", () => {
	it("trusts a connection only when both ends are on loopback", () => {
		for (const [remoteAddress, localAddress, isLocal] of [
			["127.0.0.1", "127.0.0.1", true],
			["127.1.2.3", "127.0.0.1", true],
			["::1", "::1", true],
			["::ffff:127.0.0.1", "::ffff:127.0.0.1", true],
			["127.0.0.1", "192.168.1.5", false],
			["192.168.1.9", "192.168.1.5", false],
			["::ffff:192.168.1.9", "::ffff:192.168.1.5", false],
			["fe80::1", "fe80::2", false],
			["128.0.0.1", "127.0.0.1", false],
			["", "", false],
			[undefined, undefined, false],
		] as const) {
			expect(isLocalPeer({ remoteAddress, localAddress }), `${remoteAddress} to ${localAddress}`).toBe(isLocal);
		}
	});
});

describe("isLoopbackBind", () => {
	it("knows what other machines reach", () => {
		expect(["127.0.0.1", "::1", "localhost"].every(isLoopbackBind)).toBe(true);
		expect(["0.0.0.0", "::", "192.168.1.5", "mono512.local", ""].some(isLoopbackBind)).toBe(false);
	});
});

describe("addressKey", () => {
	it("takes the addresses of one IPv6 network for one client", () => {
		expect(addressKey("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64");
		expect(addressKey("2001:db8:1:2::9")).toBe(addressKey("2001:0DB8:0001:0002:ffff::1"));
		expect(addressKey("fe80::1%eth0")).toBe("fe80:0:0:0::/64");
		expect(addressKey("::ffff:192.168.1.9")).toBe("192.168.1.9");
		expect(addressKey("192.168.1.9")).toBe("192.168.1.9");
	});
});
