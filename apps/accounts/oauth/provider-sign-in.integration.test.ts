import { sessionCookieName } from "@opta/contracts/session-cookie";
import { siteUrl } from "@opta/contracts/site-url";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { confirmAddress } from "../forms/confirm-address.ts";
import { signIn } from "../forms/sign-in.ts";
import { signUp } from "../forms/sign-up.ts";
import { readInventory } from "../sessions/inventory.ts";
import { type AccountsBench, startAccountsBench } from "../testing/accounts-bench.ts";
import { type FakeGitHub, fakeGitHubSettings, startFakeGitHub } from "../testing/fake-github.ts";
import { ProviderVisitor } from "../testing/provider-visitor.ts";
import { newestLink, signedUp } from "../testing/visitor.ts";
import { startProviderSignIn } from "./start-sign-in.ts";

let bench: AccountsBench;
let github: FakeGitHub;
let wanted: string;

beforeAll(async () => {
	github = await startFakeGitHub();
	bench = await startAccountsBench(undefined, fakeGitHubSettings(github));
	wanted = siteUrl(bench.context.configuration.addressing, "lmx", "/chat");
});

afterAll(async () => {
	await bench.stop();
	await github.close();
});

beforeEach(() => {
	github.isDown = false;
});

function button() {
	return { provider: "github", redirect_to: wanted };
}

function errorOf(page: URL): (string | null)[] {
	return [page.pathname, page.searchParams.get("error")];
}

describe("signing in by GitHub", () => {
	it("opens an account and a session, and leads to the page that was asked for", async () => {
		github.person = github.newPerson("octo@example.org");
		const visitor = new ProviderVisitor(bench);
		expect((await visitor.through(wanted)).href).toBe(wanted);
		expect(await (await visitor.session()).json()).toMatchObject({ signedIn: true });
		expect(decodeJwt(visitor.tokens.accessToken).email).toBe("octo@example.org");
		expect([...visitor.cookies.keys()]).toEqual([sessionCookieName]);
		const inventory = await readInventory(bench.context.configuration, visitor.tokens);
		expect(inventory).toMatchObject({ state: "ok", value: { sessions: [{ way: "github", isCurrent: true }] } });
	});

	it("sends the back end nothing but our own page and an S256 challenge, and keeps the verifier on accounts", async () => {
		const visitor = new ProviderVisitor(bench);
		const toBackEnd = await visitor.start(button());
		expect(toBackEnd.origin + toBackEnd.pathname).toBe(`${bench.context.configuration.supabaseUrl}/auth/v1/authorize`);
		expect(toBackEnd.searchParams.get("code_challenge_method")).toBe("s256");
		expect(new URL(toBackEnd.searchParams.get("redirect_to")!).pathname).toBe("/auth/callback");
		expect(visitor.cookies.size).toBeGreaterThan(0);
		expect([...visitor.cookies.keys()].every((name) => name.startsWith("__Host-"))).toBe(true);
		expect(toBackEnd.href).not.toContain(visitor.cookies.values().next().value);
	});

	it("finishes flows of two tabs, the first one last", async () => {
		const visitor = new ProviderVisitor(bench);
		github.person = github.newPerson("tabs@example.org");
		const first = await visitor.start(button());
		const other = siteUrl(bench.context.configuration.addressing, "learn", "/");
		const second = await visitor.start({ provider: "github", redirect_to: other });
		expect((await visitor.finish(await visitor.follow(second))).href).toBe(other);
		expect((await visitor.finish(await visitor.follow(first))).href).toBe(wanted);
		expect(await (await visitor.session()).json()).toMatchObject({ signedIn: true });
	});

	it("says in words that somebody said no, and repeats nothing of the address", async () => {
		github.person = null;
		const visitor = new ProviderVisitor(bench);
		const page = await visitor.through(wanted);
		expect(errorOf(page)).toEqual(["/sign-in", "provider_denied"]);
		expect(page.searchParams.get("redirect_to")).toBe(wanted);
		const planted = await visitor.finish(new URL("http://x/?error=<b>evil&error_description=call+0800+evil&provider=github"));
		expect(planted.href).not.toMatch(/evil|0800/);
		expect(errorOf(planted)).toEqual(["/sign-in", "provider_failed"]);
	});

	it("signs nobody in whose state the back end does not know", async () => {
		github.person = github.newPerson("state@example.org");
		const visitor = new ProviderVisitor(bench);
		const toGitHub = (await fetch(await visitor.start(button()), { redirect: "manual" })).headers.get("location")!;
		const callback = new URL((await fetch(toGitHub, { redirect: "manual" })).headers.get("location")!);
		callback.searchParams.set("state", crypto.randomUUID());
		const arrived = await visitor.follow(callback);
		expect([arrived.pathname, arrived.searchParams.get("code"), arrived.searchParams.get("error_code")]).toEqual([
			"/",
			null,
			"bad_oauth_state",
		]);
		expect(await (await visitor.session()).json()).toEqual({ signedIn: false });
	});

	it("takes a code once, and only in the browser that began", async () => {
		github.person = github.newPerson("replay@example.org");
		const visitor = new ProviderVisitor(bench);
		const toBackEnd = await visitor.start(button());
		const before = visitor.cookieHeader;
		const arrived = await visitor.follow(toBackEnd);
		const thief = new ProviderVisitor(bench);
		expect(errorOf(await thief.finish(arrived))).toEqual(["/sign-in", "provider_stale"]);
		await thief.start(button());
		expect(errorOf(await thief.finish(arrived))).toEqual(["/sign-in", "provider_stale"]);
		expect(thief.tokens.accessToken).toBe("");
		expect((await visitor.finish(arrived)).href).toBe(wanted);
		const { accessToken } = visitor.tokens;
		expect((await visitor.finish(arrived)).href).toBe(wanted);
		expect(visitor.tokens.accessToken).toBe(accessToken);
		const replay = new ProviderVisitor(bench);
		for (const pair of before.split("; ")) {
			replay.cookies.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
		}
		expect(errorOf(await replay.finish(arrived))).toEqual(["/sign-in", "provider_stale"]);
		expect(replay.tokens.accessToken).toBe("");
	});

	it("does not sign a stranger's victim in with a code and a verifier that were planted for the whole domain", async () => {
		github.person = github.newPerson("attacker@example.org");
		const attacker = new ProviderVisitor(bench);
		const arrived = await attacker.follow(await attacker.start(button()));
		const victim = new ProviderVisitor(bench);
		for (const [name, value] of attacker.cookies) {
			victim.cookies.set(name.replace("__Host-opta-", ""), value);
		}
		expect(errorOf(await victim.finish(arrived))).toEqual(["/sign-in", "provider_stale"]);
		expect(victim.tokens.accessToken).toBe("");
	});

	it("says so while GitHub is down, and works again afterwards", async () => {
		github.person = github.newPerson("outage@example.org");
		github.isDown = true;
		const visitor = new ProviderVisitor(bench);
		expect(errorOf(await visitor.through(wanted))).toEqual(["/sign-in", "provider_failed"]);
		github.isDown = false;
		expect((await visitor.through(wanted)).href).toBe(wanted);
	});

	it.each([
		["a provider that is off", { provider: "apple" }],
		["one that the back end knows and accounts does not", { provider: "azure" }],
		["none", {}],
	])("starts nothing for %s", async (_what, query) => {
		expect(errorOf(await new ProviderVisitor(bench).start(query))).toEqual(["/sign-in", "provider_off"]);
	});

	it.each(["cross-site", "same-site", "none"])("only shows the sign-in page for a link that was followed %s", async (site) => {
		const request = new Request("http://localhost:3003/auth/start", { headers: { "sec-fetch-site": site, "sec-fetch-mode": "navigate" } });
		const response = await startProviderSignIn(bench.context, request, new URLSearchParams({ provider: "github", redirect_to: wanted }));
		expect(errorOf(new URL(response.headers.get("location")!))).toEqual(["/sign-in", null]);
		expect(response.headers.getSetCookie()).toEqual([]);
	});
});

describe("an account that somebody else could want", () => {
	it("is linked to a GitHub login with the same proven address", async () => {
		const owner = await signedUp(bench, "both@example.org");
		github.person = github.newPerson("both@example.org");
		const visitor = new ProviderVisitor(bench);
		expect((await visitor.through(wanted)).href).toBe(wanted);
		expect(decodeJwt(visitor.tokens.accessToken).sub).toBe(decodeJwt(owner.tokens.accessToken).sub);
	});

	it("is not linked to one with an address that GitHub has not proven", async () => {
		await signedUp(bench, "careful@example.org");
		github.person = github.newPerson("careful@example.org", false);
		const thief = new ProviderVisitor(bench);
		for (let attempt = 0; attempt < 2; attempt += 1) {
			expect(errorOf(await thief.through(wanted))).toEqual(["/sign-in", "provider_unverified"]);
		}
		expect(thief.tokens.accessToken).toBe("");
	});

	it("does not keep the password of a stranger who signed up with the address before", async () => {
		const stranger = new ProviderVisitor(bench);
		await stranger.post(signUp, { email: "early@example.org", password: "a stranger's password" });
		github.person = github.newPerson("early@example.org");
		expect((await new ProviderVisitor(bench).through(wanted)).href).toBe(wanted);
		const attempt = await stranger.post(signIn, { email: "early@example.org", password: "a stranger's password" });
		expect(attempt.searchParams.get("error")).toBe("wrong_password");
	});

	it("does not keep the unproven GitHub login of a stranger who came before its owner", async () => {
		const unproven = github.newPerson("later@example.org", false);
		github.person = unproven;
		const stranger = new ProviderVisitor(bench);
		expect(errorOf(await stranger.through(wanted))).toEqual(["/sign-in", "provider_unverified"]);
		const owner = new ProviderVisitor(bench);
		await owner.post(signUp, { email: "later@example.org", password: "the owner's own" });
		await owner.post(confirmAddress, { ...(await newestLink(bench, "later@example.org")), password: "the owner's own" });
		expect(await (await owner.session()).json()).toMatchObject({ signedIn: true });
		expect(errorOf(await stranger.through(wanted))).toEqual(["/sign-in", "provider_unverified"]);
		expect(stranger.tokens.accessToken).toBe("");
	});

	it("keeps a login whose address GitHub has proven meanwhile", async () => {
		const person = github.newPerson("patient@example.org", false);
		github.person = person;
		const visitor = new ProviderVisitor(bench);
		expect(errorOf(await visitor.through(wanted))).toEqual(["/sign-in", "provider_unverified"]);
		github.person = { ...person, emails: [{ email: "patient@example.org", primary: true, verified: true }] };
		expect((await visitor.through(wanted)).href).toBe(wanted);
		const ways = await bench.context.portal.call("read_sign_in_ways", {}, visitor.tokens.accessToken);
		expect(ways).toMatchObject({ state: "ok", data: [{ has_password: false, identities: [{ provider: "github" }] }] });
	});
});
