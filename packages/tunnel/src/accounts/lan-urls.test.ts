import type { NetworkInterfaceInfo } from "node:os";
import { expect, it } from "vitest";
import { lanUrls } from "./lan-urls.ts";

function address(text: string, internal = false): NetworkInterfaceInfo {
	const common = { address: text, internal, netmask: "", mac: "00:00:00:00:00:00", cidr: null };
	return text.includes(":") ? { ...common, family: "IPv6", scopeid: 0 } : { ...common, family: "IPv4" };
}

it("names what others of the network can reach, IPv4 first, and nothing else", () => {
	const urls = lanUrls(8789, {
		lo: [address("127.0.0.1", true), address("::1", true)],
		en0: [address("fd00::10"), address("fe80::1"), address("192.168.1.10"), address("169.254.7.7")],
		en1: [address("192.168.1.10"), address("10.0.0.5")],
		utun4: [address("100.64.0.1"), address("100.127.255.254"), address("100.128.0.1")],
	});
	expect(urls).toEqual(["http://192.168.1.10:8789", "http://10.0.0.5:8789", "http://100.128.0.1:8789", "http://[fd00::10]:8789"]);
});

it("names eight at most", () => {
	const many = Array.from({ length: 30 }, (_, index) => address(`10.0.0.${index}`));
	expect(lanUrls(8789, { en0: many })).toHaveLength(8);
	expect(lanUrls(8789, {})).toEqual([]);
});
