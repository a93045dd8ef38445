import { expect, it } from "vitest";
import { isPublicAddress } from "./public-address.ts";

it.each(["127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255"])(
	"%s is not public",
	(address) => {
		expect(isPublicAddress(address)).toBe(false);
	},
);

it.each([
	"::1",
	"::",
	"fe80::1",
	"fd00::1",
	"::ffff:127.0.0.1",
	"::ffff:8.8.8.8",
	"64:ff9b::7f00:1",
	"2002:7f00:1::",
	"2001::1",
	"ff02::1",
	"localhost",
	"",
])("%s is not public", (address) => {
	expect(isPublicAddress(address)).toBe(false);
});

it.each(["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e"])("%s is public", (address) => {
	expect(isPublicAddress(address)).toBe(true);
});
