import { describe, expect, it } from "vitest";
import { isOverlayAddress, overlayAddresses } from "./overlay-address.ts";

describe("isOverlayAddress", () => {
	it.each([
		"100.64.0.1",
		"100.127.255.254",
		"::ffff:100.100.1.1",
		"[fd7a:115c:a1e0::1]",
		"FD7A:115C:A1E0:ab12::7",
		"mono512.tail1234.ts.net",
	])("%s is one", (host) => expect(isOverlayAddress(host)).toBe(true));

	it.each(["100.63.255.255", "100.128.0.1", "192.168.1.20", "127.0.0.1", "fd00::1", "fe80::1", "mono512.local", "100.64.example.com"])(
		"%s is none",
		(host) => expect(isOverlayAddress(host)).toBe(false),
	);
});

describe("overlayAddresses", () => {
	it("finds them on interfaces of overlay networks, and leaves a provider's own alone", () => {
		const found = overlayAddresses({
			lo: [{ address: "127.0.0.1" }],
			eth0: [{ address: "192.168.1.20" }],
			wwan0: [{ address: "100.70.1.2" }],
			utun4: [{ address: "100.101.1.2" }, { address: "fe80::1" }],
			tailscale0: [{ address: "100.64.0.9" }, { address: "fd7a:115c:a1e0::9" }],
			gone: undefined,
		});
		expect(found).toEqual([
			{ interfaceName: "utun4", address: "100.101.1.2" },
			{ interfaceName: "tailscale0", address: "100.64.0.9" },
			{ interfaceName: "tailscale0", address: "fd7a:115c:a1e0::9" },
		]);
	});
});
