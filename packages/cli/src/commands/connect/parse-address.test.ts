import { expect, it } from "vitest";
import { parseAddress } from "./parse-address.ts";

it("reads addresses as people write them", () => {
	expect(parseAddress("mono512.local")).toEqual({ host: "mono512.local", port: 1234 });
	expect(parseAddress("192.0.2.7:4000")).toEqual({ host: "192.0.2.7", port: 4000 });
	expect(parseAddress("http://host:1234/v1")).toEqual({ host: "host", port: 1234 });
	expect(parseAddress("[::1]:1234")).toEqual({ host: "::1", port: 1234 });
});

it("refuses what is no host of LMX", () => {
	for (const text of ["", "https://host", "http://user@host", "host/path", "host:99999", "a b"]) {
		expect(() => parseAddress(text)).toThrow("no address of a host");
	}
});
