import { readAuthConfiguration } from "@opta/auth/auth-configuration";
import { sessionCookieName } from "@opta/contracts/session-cookie";
import { allSiteOrigins, siteOrigin } from "@opta/contracts/site-url";
import { describe, expect, it } from "vitest";
import type { AccountsContext } from "../accounts-context.ts";
import { answerSession, answerSessionPreflight } from "./session-answer.ts";
import { createSessionRefresher } from "./session-refresher.ts";

const configuration = readAuthConfiguration({ SUPABASE_URL: "http://127.0.0.1:9", SUPABASE_PUBLISHABLE_KEY: "k" });
const context: AccountsContext = {
	configuration,
	verify: async () => ({ state: "expired" }),
	refresher: createSessionRefresher(configuration, async () => ({ state: "unreachable" })),
	signer: {
		jwks: { keys: [] },
		sign: () => Promise.reject(new Error("no passes here")),
		stateKeys: () => Promise.reject(new Error("no keys here")),
	},
	deviceTokens: { sign: () => Promise.reject(new Error("no tokens here")), verify: async () => null },
	portal: { key: "", call: async () => ({ state: "unavailable" }) },
	backEndSettings: async () => null,
	clientAddressHeader: null,
	mailboxUrl: null,
};
const cookie = `${sessionCookieName}=base64-${Buffer.from('{"access_token":"a.b.c","refresh_token":"r"}').toString("base64url")}`;

function ask(headers: Record<string, string>): Promise<Response> {
	return answerSession(context, new Request("http://localhost:3003/api/session", { headers }));
}

describe("GET /api/session", () => {
	it.each(allSiteOrigins(configuration.addressing))("may be read by pages of %s, with cookies", async (origin) => {
		const response = await ask({ origin });
		expect(await response.json()).toEqual({ signedIn: false });
		expect(response.headers.get("access-control-allow-origin")).toBe(origin);
		expect(response.headers.get("access-control-allow-credentials")).toBe("true");
		expect(response.headers.get("vary")).toContain("Origin");
		expect(response.headers.get("cache-control")).toBe("private, no-store");
	});

	it.each([
		"null",
		"https://evil.com",
		"http://optalocal.localhost",
		"http://lmx.optalocal.localhost:9004",
		"http://evil.optalocal.localhost:3001",
	])("is refused to %s", async (origin) => {
		const response = await ask({ origin });
		expect(response.status).toBe(403);
		expect(response.headers.get("access-control-allow-origin")).toBeNull();
		const preflight = answerSessionPreflight(
			context,
			new Request("http://localhost:3003/api/session", { method: "OPTIONS", headers: { origin } }),
		);
		expect([...preflight.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
	});

	it("answers 503, not signed out, when the session cannot be refreshed, and takes no cookie away", async () => {
		const response = await ask({ cookie, origin: siteOrigin(configuration.addressing, "home") });
		expect(response.status).toBe(503);
		expect(await response.json()).toMatchObject({ error: { code: "unavailable" } });
		expect(response.headers.getSetCookie()).toEqual([]);
	});

	it("takes the cookie away when the back end says that the session is over", async () => {
		const refresher = createSessionRefresher(configuration, async () => ({ state: "rejected" }));
		const response = await answerSession({ ...context, refresher }, new Request("http://localhost/", { headers: { cookie } }));
		expect(await response.json()).toEqual({ signedIn: false });
		expect(response.headers.getSetCookie().every((line) => line.includes("Max-Age=0"))).toBe(true);
		expect(response.headers.getSetCookie()).not.toEqual([]);
	});

	it("refuses two session cookies", async () => {
		expect((await ask({ cookie: `${cookie}; ${sessionCookieName}=planted` })).status).toBe(400);
	});
});
