import { sessionCookieName } from "@opta/contracts/session-cookie";
import { NextRequest } from "next/server";
import { describe, expect, it } from "vitest";
import { hereHeader, nonceHeader } from "./request-headers.ts";
import { siteProxy } from "./site-proxy.ts";

const proxy = siteProxy("lmx");

/** Next.js says `localhost` in the request's own URL whatever the `Host`; so do these. */
function ask(path: string, headers: Record<string, string> = {}): ReturnType<typeof proxy> {
	const host = "lmx.optalocal.localhost:3004";
	return proxy(new NextRequest(`http://localhost:3004${path}`, { headers: { host, "sec-fetch-mode": "navigate", ...headers } }));
}

describe("siteProxy", () => {
	it("tells pages their own address, whatever the request claims", () => {
		const response = ask("/chat?host=1&_rsc=abc", { [hereHeader]: "https://evil.com/" });
		expect(response.headers.get("x-middleware-next")).toBe("1");
		expect(response.headers.get(`x-middleware-request-${hereHeader}`)).toBe("http://lmx.optalocal.localhost:3004/chat?host=1");
	});

	it("brings a page asked for at localhost to the site's name, and no call of a program", () => {
		const response = ask("/chat?host=1", { host: "localhost:3004" });
		expect(response.status).toBe(307);
		expect(response.headers.get("location")).toBe("http://lmx.optalocal.localhost:3004/chat?host=1");
		expect(ask("/api/health", { host: "127.0.0.1:3004" }).headers.get("x-middleware-next")).toBe("1");
	});

	it.each([
		"//evil.com",
		"///evil.com/a",
		"/.//evil.com",
		"/%2e//evil.com",
		"/\\evil.com",
		"/%5cevil.com",
		"/@evil.com",
		"/https://evil.com",
	])("stays on its own name for a page asked for as %s at localhost", (path) => {
		const location = ask(path, { host: "localhost:3004" }).headers.get("location") ?? "";
		expect(new URL(location).origin).toBe("http://lmx.optalocal.localhost:3004");
	});

	it.each<Record<string, string>>([
		{ "x-forwarded-host": "evil.com" },
		{ "x-forwarded-host": "evil.com", "x-forwarded-proto": "https", "x-forwarded-port": "443" },
		{ forwarded: "host=evil.com;proto=https" },
		{ referer: "https://evil.com/" },
		{ "x-original-url": "//evil.com", "x-rewrite-url": "//evil.com" },
	])("goes by the Host alone, not by %j", (claims) => {
		const here = ask("/chat", claims).headers.get(`x-middleware-request-${hereHeader}`);
		expect(here).toBe("http://lmx.optalocal.localhost:3004/chat");
		const moved = ask("/chat", { ...claims, host: "localhost:3004" }).headers.get("location");
		expect(moved).toBe("http://lmx.optalocal.localhost:3004/chat");
	});

	it("gives every response a nonce of its own where the site has a policy, whatever nonce the request claims", () => {
		const strict = siteProxy("accounts", (_addressing, _path, nonce) => `script-src 'nonce-${nonce}'`);
		const nonces = ["/sign-in", "/auth/confirm?token_hash=x"].map((path) => {
			const host = "accounts.optalocal.localhost:3003";
			const response = strict(new NextRequest(`http://localhost:3003${path}`, { headers: { host, [nonceHeader]: "planted" } }));
			const nonce = response.headers.get(`x-middleware-request-${nonceHeader}`);
			expect(response.headers.get("content-security-policy")).toBe(`script-src 'nonce-${nonce}'`);
			expect(response.headers.get("referrer-policy")).toBe(path.startsWith("/auth") ? "same-origin" : null);
			return nonce;
		});
		expect(new Set([...nonces, "planted"]).size).toBe(3);
	});

	it("refuses a foreign name", () => {
		expect(ask("/", { host: "evil.com" }).status).toBe(421);
	});

	it("refuses two session cookies, stores nothing, and drops the one of this host alone", () => {
		const cookie = `${sessionCookieName}=a; theme=dark; ${sessionCookieName}=b`;
		for (const path of ["/", "/api/host/x"]) {
			const response = ask(path, { cookie });
			expect(response.status).toBe(400);
			expect(response.headers.get("cache-control")).toBe("private, no-store");
			const [dropped, ...others] = response.headers.getSetCookie();
			expect(dropped).toMatch(new RegExp(`^${sessionCookieName}=; .*Max-Age=0`));
			expect(dropped).not.toMatch(/domain/i);
			expect(others).toEqual([]);
		}
		expect(ask("/", { cookie: `${sessionCookieName}=a; theme=dark` }).headers.get("x-middleware-next")).toBe("1");
	});
});
