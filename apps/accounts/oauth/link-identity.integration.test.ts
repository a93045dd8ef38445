import { sessionCookieName } from "@opta/contracts/session-cookie";
import { localAddressing, siteOrigin } from "@opta/contracts/site-url";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { AccountsContext } from "../accounts-context.ts";
import { type GenerousBackEnd, linkingPage, startGenerousBackEnd } from "../testing/generous-back-end.ts";
import { finishProviderSignIn } from "./finish-sign-in.ts";
import { linkIdentity } from "./link-identity.ts";

let backEnd: GenerousBackEnd;
/** With public keys, as hosted projects have them: those link by hand. */
let context: AccountsContext;
let cookie: string;

beforeAll(async () => {
	backEnd = await startGenerousBackEnd();
	const embedded = backEnd.contextFor(localAddressing);
	context = { ...embedded, configuration: { ...embedded.configuration, jwtSecret: null } };
	const { accessToken, refreshToken } = backEnd.tokens;
	const session = JSON.stringify({
		access_token: accessToken,
		refresh_token: refreshToken,
		expires_at: Math.floor(Date.now() / 1000) + 3600,
	});
	cookie = `${sessionCookieName}=base64-${Buffer.from(session).toString("base64url")}`;
});

afterAll(() => backEnd.close());

function post(fields: Record<string, string>): Request {
	const body = new URLSearchParams(fields).toString();
	const origin = siteOrigin(localAddressing, "accounts");
	const headers = { origin, cookie, "content-type": "application/x-www-form-urlencoded", "content-length": String(body.length) };
	return new Request("http://localhost:3003/api/identities/link", { method: "POST", body, headers });
}

it("leads from the form to the service without a redirect, and back to the page of ways to sign in", async () => {
	const response = await linkIdentity(context, post({ provider: "github", password: "correct horse battery" }));
	expect([response.status, response.headers.get("location"), response.headers.get("cache-control")]).toEqual([
		200,
		null,
		"private, no-store",
	]);
	expect(await response.text()).toContain(`content="0; url=${linkingPage.replaceAll("&", "&amp;")}"`);

	const asked = backEnd.asked.find(({ path }) => path === "/auth/v1/user/identities/authorize");
	expect(asked?.authorization).toBe(`Bearer ${backEnd.tokens.accessToken}`);
	expect(asked?.query.get("code_challenge_method")).toBe("s256");
	const callback = new URL(asked?.query.get("redirect_to") ?? "");
	expect([callback.pathname, callback.searchParams.get("for")]).toEqual(["/auth/callback", "link"]);

	callback.searchParams.set("code", "c0de");
	const verifiers = response.headers.getSetCookie().map((line) => line.split(";")[0]);
	const back = new Request("http://localhost:3003/auth/callback", { headers: { cookie: [cookie, ...verifiers].join("; ") } });
	const arrived = await finishProviderSignIn(context, back, callback.searchParams);
	expect(arrived.headers.get("location")).toBe(`${siteOrigin(localAddressing, "accounts")}/security?done=identity-linked`);
});

it("links nothing that is off", async () => {
	const response = await linkIdentity(context, post({ provider: "apple", password: "correct horse battery" }));
	expect(new URL(response.headers.get("location") ?? "").searchParams.get("error")).toBe("provider_off");
});

it("says that a link that failed did not come about, on the page that it began on", async () => {
	const query = new URLSearchParams({ provider: "github", for: "link", error: "server_error", error_code: "identity_already_exists" });
	const response = await finishProviderSignIn(context, new Request("http://localhost:3003/auth/callback"), query);
	const location = new URL(response.headers.get("location") ?? "");
	expect([location.pathname, location.searchParams.get("error")]).toEqual(["/security", "identity_taken"]);
});
