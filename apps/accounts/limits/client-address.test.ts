import { expect, it } from "vitest";
import { clientNetwork } from "./client-address.ts";

const from = (value: string) => clientNetwork(new Headers({ "x-real-ip": value }), "x-real-ip");

it.each([
	["203.0.113.77", "203.0.113.0/24"],
	["::ffff:203.0.113.77", "203.0.113.0/24"],
	["2001:db8:0:1:aaaa::1", "2001:db8:0:1::/64"],
	["2001:DB8::1", "2001:db8:0:0::/64"],
	["::1", "0:0:0:0::/64"],
	["10.0.0.1, 203.0.113.9", "203.0.113.0/24"],
	["nonsense", null],
	["1.2.3.4.5", null],
])("%s comes from %s", (address, network) => {
	expect(from(address)).toBe(network);
});

it("believes no header that the deployment does not name", () => {
	expect(clientNetwork(new Headers({ "x-forwarded-for": "203.0.113.77" }), null)).toBeNull();
	expect(clientNetwork(new Headers({ "x-forwarded-for": "203.0.113.77" }), "x-real-ip")).toBeNull();
});
