import { describe, expect, it } from "vitest";
import { internalRequest, parseAddressing } from "./addressing.ts";
import { addressingFromLocation, allSiteOrigins, localAddressing, siteUrl } from "./site-url.ts";

const production = parseAddressing({ OPTA_BASE_DOMAIN: "optalocal.com" });

describe("addresses of the sites", () => {
	it("have ports of their own on one machine and none in production", () => {
		expect(siteUrl(localAddressing, "home")).toBe("http://optalocal.localhost:3001/");
		expect(siteUrl(localAddressing, "lmx", "/chat")).toBe("http://lmx.optalocal.localhost:3004/chat");
		expect(siteUrl(production, "home")).toBe("https://optalocal.com/");
		expect(siteUrl(production, "accounts", "/sign-in")).toBe("https://accounts.optalocal.com/sign-in");
	});

	it("are eight different origins", () => {
		expect(new Set(allSiteOrigins(localAddressing)).size).toBe(8);
		expect(new Set(allSiteOrigins(production)).size).toBe(8);
	});

	it("follow the port that a page was opened on", () => {
		expect(siteUrl(addressingFromLocation(localAddressing, "help", "4006"), "accounts")).toBe("http://accounts.optalocal.localhost:4003/");
		expect(addressingFromLocation(localAddressing, "help", "")).toEqual(localAddressing);
		expect(addressingFromLocation(production, "help", "8443")).toEqual(production);
	});
});

describe("parseAddressing", () => {
	it("is the local default when nothing is set", () => {
		expect(parseAddressing({})).toEqual(localAddressing);
	});

	it.each([{ OPTA_SCHEME: "ftp" }, { OPTA_PORT_BASE: "80" }, { OPTA_PORT_BASE: "many" }])(
		"refuses %j and names the variable",
		(variables) => {
			expect(() => parseAddressing(variables)).toThrow(Object.keys(variables)[0]);
		},
	);
});

describe("internalRequest", () => {
	it("goes to loopback with the public name locally, and to the public address elsewhere", () => {
		expect(internalRequest(localAddressing, "accounts", "/api/pass")).toEqual({
			url: "http://127.0.0.1:3003/api/pass",
			headers: { host: "accounts.optalocal.localhost:3003" },
		});
		expect(internalRequest(production, "accounts", "/api/pass")).toEqual({ url: "https://accounts.optalocal.com/api/pass", headers: {} });
	});
});
