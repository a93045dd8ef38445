import { describe, expect, it } from "vitest";
import { type Interfaces, judgeAddresses, judgeKeys } from "./judge-network.ts";

const home: Interfaces = {
	lo: [{ address: "127.0.0.1", internal: true }],
	eth0: [
		{ address: "192.168.1.20", internal: false },
		{ address: "fe80::1", internal: false, scopeid: 2 },
	],
};
const withOverlay: Interfaces = { ...home, tailscale0: [{ address: "100.101.1.2", internal: false }] };

describe("judgeAddresses", () => {
	it("names the addresses on the network, none of loopback or of a single link", () => {
		expect(judgeAddresses("0.0.0.0", 1234, home)).toEqual({ state: "ok", summary: "LMX listens on 192.168.1.20:1234.", fix: null });
		expect(judgeAddresses("127.0.0.1", 1234, withOverlay).state).toBe("ok");
	});

	it("warns of an address of an overlay network, with what to use instead", () => {
		const { state, summary, fix } = judgeAddresses("0.0.0.0", 1234, withOverlay);
		expect([state, fix]).toEqual(["warning", "Use one of the other addresses: opta connect --save"]);
		expect(summary).toContain("LMX listens on 192.168.1.20:1234. This machine also has 100.101.1.2 (tailscale0)");
	});

	it("warns where LMX is bound to one", () => {
		expect(judgeAddresses("fd7a:115c:a1e0::5", 1234, home)).toMatchObject({
			state: "warning",
			fix: expect.stringContaining("config.yaml"),
		});
	});
});

describe("judgeKeys", () => {
	it("warns when the admin API is open to the network", () => {
		const open = "The admin API is open to every machine of the network: adminAuth is off.";
		expect(judgeKeys("0.0.0.0", false, [open])).toMatchObject({
			state: "warning",
			summary: open,
			fix: expect.stringContaining("adminAuth"),
		});
		expect(judgeKeys("0.0.0.0", true, [])).toMatchObject({ state: "ok" });
		expect(judgeKeys("127.0.0.1", false, [])).toMatchObject({ state: "skipped" });
	});
});
