import { localAddressing, type SiteAddressing } from "@opta/contracts/site-url";
import { describe, expect, it } from "vitest";
import { isPageRequest, judgeHost } from "./host-check.ts";

const page = { path: "/chat?host=1", isPage: true };

describe("judgeHost", () => {
	it("accepts the site's own name with its port, in any case", () => {
		for (const host of ["lmx.optalocal.localhost:3004", "LMX.optalocal.localhost:3004"]) {
			expect(judgeHost(localAddressing, "lmx", { ...page, host })).toEqual({ state: "right" });
		}
	});

	it.each(["localhost:3004", "127.0.0.1:3004", "[::1]:3004", "localhost"])("brings a page asked for at %s to the right name", (host) => {
		expect(judgeHost(localAddressing, "lmx", { ...page, host })).toEqual({
			state: "redirect",
			to: "http://lmx.optalocal.localhost:3004/chat?host=1",
		});
		expect(judgeHost(localAddressing, "lmx", { ...page, isPage: false, host })).toEqual({ state: "right" });
	});

	it.each([
		null,
		"",
		"evil.com",
		"evil.com:3004",
		"lmx.optalocal.localhost",
		"lmx.optalocal.localhost:3003",
		"accounts.optalocal.localhost:3004",
		"lmx.optalocal.localhost.:3004",
		"127.0.0.1.evil.com:3004",
		"localhost@evil.com",
	])("refuses %j", (host) => {
		expect(judgeHost(localAddressing, "lmx", { ...page, host })).toEqual({ state: "foreign" });
	});

	it("leaves names to the platform in front in production", () => {
		const production: SiteAddressing = { scheme: "https", baseDomain: "optalocal.com", portBase: null };
		expect(judgeHost(production, "lmx", { ...page, host: "lmx-git-main.vercel.app" })).toEqual({ state: "right" });
	});
});

describe("isPageRequest", () => {
	it("means what a browser shows as a page", () => {
		expect(isPageRequest("GET", "/", new Headers({ "sec-fetch-mode": "navigate" }))).toBe(true);
		expect(isPageRequest("HEAD", "/", new Headers({ accept: "text/html,*/*" }))).toBe(true);
	});

	it("does not mean calls of programs and scripts", () => {
		expect(isPageRequest("GET", "/api/session", new Headers({ "sec-fetch-mode": "navigate" }))).toBe(false);
		expect(isPageRequest("GET", "/", new Headers({ "sec-fetch-mode": "cors", accept: "text/html" }))).toBe(false);
		expect(isPageRequest("GET", "/", new Headers({ accept: "*/*" }))).toBe(false);
		expect(isPageRequest("POST", "/", new Headers({ "sec-fetch-mode": "navigate" }))).toBe(false);
	});
});
