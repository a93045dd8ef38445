import { sessionCookieName } from "@opta/contracts/session-cookie";
import { siteOrigin, siteUrl } from "@opta/contracts/site-url";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { confirmAddress } from "../forms/confirm-address.ts";
import { signIn } from "../forms/sign-in.ts";
import { signUp } from "../forms/sign-up.ts";
import { readInventory } from "../sessions/inventory.ts";
import { type AccountsBench, startAccountsBench } from "../testing/accounts-bench.ts";
import { type FakeGitHub, fakeGitHubClient, type GitHubPerson, startFakeGitHub } from "../testing/fake-github.ts";
import { newestLink, signedUp, Visitor } from "../testing/visitor.ts";
import { finishProviderSignIn } from "./finish-sign-in.ts";
import { startProviderSignIn } from "./start-sign-in.ts";

let bench: AccountsBench;
let github: FakeGitHub;
let wanted: string;

beforeAll(async () => {
	github = await startFakeGitHub();
	const { id, secret } = fakeGitHubClient;
	bench = await startAccountsBench(undefined, `[github]\nclient_id = "${id}"\nsecret = "${secret}"\nurl = "${github.url}"\n`);
	wanted = siteUrl(bench.context.configuration.addressing, "lmx", "/chat");
});

afterAll(async () => {
	await bench.stop();
	await github.close();
});

beforeEach(() => {
	github.isDown = false;
});

let lastId = 1000;

function gitHubPerson(email: string, verified = true): GitHubPerson {
	lastId += 1;
	return { id: lastId, login: `gh-${lastId}`, emails: [{ email, primary: true, verified }] };
}

/** A click on the button, in a browser that sends Fetch Metadata. */
async function start(visitor: Visitor, query: Record<string, string> = { provider: "github", redirect_to: wanted }): Promise<URL> {
	const headers = { cookie: visitor.cookieHeader, "sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate" };
	const request = new Request("http://localhost:3003/auth/start", { headers });
	const response = await startProviderSignIn(bench.context, request, new URLSearchParams(query));
	expect([response.status, response.headers.get("cache-control")]).toEqual([303, "private, no-store"]);
	visitor.keep(response);
	return new URL(response.headers.get("location")!);
}

/** Follows the redirects of the back end and of GitHub, until they lead to accounts. */
async function followToAccounts(from: URL): Promise<URL> {
	const accounts = siteOrigin(bench.context.configuration.addressing, "accounts");
	let at = from;
	while (at.origin !== accounts) {
		const response = await fetch(at, { redirect: "manual" });
		at = new URL(response.headers.get("location")!, at);
	}
	return at;
}

/** The page of accounts that a provider's answer leads to. */
async function finish(visitor: Visitor, arrived: URL): Promise<URL> {
	const request = new Request("http://localhost:3003/auth/callback", { headers: { cookie: visitor.cookieHeader } });
	const response = await finishProviderSignIn(bench.context, request, arrived.searchParams);
	expect([response.status, response.headers.get("cache-control")]).toEqual([303, "private, no-store"]);
	visitor.keep(response);
	return new URL(response.headers.get("location")!);
}

async function throughGitHub(visitor: Visitor): Promise<URL> {
	return finish(visitor, await followToAccounts(await start(visitor)));
}

function errorOf(page: URL): (string | null)[] {
	return [page.pathname, page.searchParams.get("error")];
}

describe("signing in by GitHub", () => {
	it("opens an account and a session, and leads to the page that was asked for", async () => {
		github.person = gitHubPerson("octo@example.org");
		const visitor = new Visitor(bench);
		expect((await throughGitHub(visitor)).href).toBe(wanted);
		expect(await (await visitor.session()).json()).toMatchObject({ signedIn: true });
		expect(decodeJwt(visitor.tokens.accessToken).email).toBe("octo@example.org");
		expect([...visitor.cookies.keys()]).toEqual([sessionCookieName]);
		const inventory = await readInventory(bench.context.configuration, visitor.tokens);
		expect(inventory).toMatchObject({ state: "ok", value: { sessions: [{ way: "github", isCurrent: true }] } });
	});

	it("sends the back end nothing but our own page and an S256 challenge, and keeps the verifier on accounts", async () => {
		const visitor = new Visitor(bench);
		const toBackEnd = await start(visitor);
		expect(toBackEnd.origin + toBackEnd.pathname).toBe(`${bench.context.configuration.supabaseUrl}/auth/v1/authorize`);
		expect(toBackEnd.searchParams.get("code_challenge_method")).toBe("s256");
		expect(new URL(toBackEnd.searchParams.get("redirect_to")!).pathname).toBe("/auth/callback");
		expect(visitor.cookies.size).toBeGreaterThan(0);
		expect([...visitor.cookies.keys()].every((name) => name.startsWith("__Host-"))).toBe(true);
		expect(toBackEnd.href).not.toContain(visitor.cookies.values().next().value);
	});

	it("finishes flows of two tabs, the first one last", async () => {
		const visitor = new Visitor(bench);
		github.person = gitHubPerson("tabs@example.org");
		const first = await start(visitor);
		const other = siteUrl(bench.context.configuration.addressing, "learn", "/");
		const second = await start(visitor, { provider: "github", redirect_to: other });
		expect((await finish(visitor, await followToAccounts(second))).href).toBe(other);
		expect((await finish(visitor, await followToAccounts(first))).href).toBe(wanted);
		expect(await (await visitor.session()).json()).toMatchObject({ signedIn: true });
	});

	it("says in words that somebody said no, and repeats nothing of the address", async () => {
		github.person = null;
		const visitor = new Visitor(bench);
		const page = await throughGitHub(visitor);
		expect(errorOf(page)).toEqual(["/sign-in", "provider_denied"]);
		expect(page.searchParams.get("redirect_to")).toBe(wanted);
		const planted = await finish(visitor, new URL("http://x/?error=<b>evil&error_description=call+0800+evil&provider=github"));
		expect(planted.href).not.toMatch(/evil|0800/);
		expect(errorOf(planted)).toEqual(["/sign-in", "provider_failed"]);
	});

	it("signs nobody in whose state the back end does not know", async () => {
		github.person = gitHubPerson("state@example.org");
		const visitor = new Visitor(bench);
		const toGitHub = (await fetch(await start(visitor), { redirect: "manual" })).headers.get("location")!;
		const callback = new URL((await fetch(toGitHub, { redirect: "manual" })).headers.get("location")!);
		callback.searchParams.set("state", crypto.randomUUID());
		const arrived = await followToAccounts(callback);
		expect([arrived.pathname, arrived.searchParams.get("code"), arrived.searchParams.get("error_code")]).toEqual([
			"/",
			null,
			"bad_oauth_state",
		]);
		expect(await (await visitor.session()).json()).toEqual({ signedIn: false });
	});

	it("takes a code once, and only in the browser that began", async () => {
		github.person = gitHubPerson("replay@example.org");
		const visitor = new Visitor(bench);
		const toBackEnd = await start(visitor);
		const before = visitor.cookieHeader;
		const arrived = await followToAccounts(toBackEnd);
		const thief = new Visitor(bench);
		expect(errorOf(await finish(thief, arrived))).toEqual(["/sign-in", "provider_stale"]);
		await start(thief);
		expect(errorOf(await finish(thief, arrived))).toEqual(["/sign-in", "provider_stale"]);
		expect(thief.tokens.accessToken).toBe("");
		expect((await finish(visitor, arrived)).href).toBe(wanted);
		const { accessToken } = visitor.tokens;
		expect((await finish(visitor, arrived)).href).toBe(wanted);
		expect(visitor.tokens.accessToken).toBe(accessToken);
		const replay = new Visitor(bench);
		for (const pair of before.split("; ")) {
			replay.cookies.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
		}
		expect(errorOf(await finish(replay, arrived))).toEqual(["/sign-in", "provider_stale"]);
		expect(replay.tokens.accessToken).toBe("");
	});

	it("does not sign a stranger's victim in with a code and a verifier that were planted for the whole domain", async () => {
		github.person = gitHubPerson("attacker@example.org");
		const attacker = new Visitor(bench);
		const arrived = await followToAccounts(await start(attacker));
		const victim = new Visitor(bench);
		for (const [name, value] of attacker.cookies) {
			victim.cookies.set(name.replace("__Host-opta-", ""), value);
		}
		expect(errorOf(await finish(victim, arrived))).toEqual(["/sign-in", "provider_stale"]);
		expect(victim.tokens.accessToken).toBe("");
	});

	it("says so while GitHub is down, and works again afterwards", async () => {
		github.person = gitHubPerson("outage@example.org");
		github.isDown = true;
		const visitor = new Visitor(bench);
		expect(errorOf(await throughGitHub(visitor))).toEqual(["/sign-in", "provider_failed"]);
		github.isDown = false;
		expect((await throughGitHub(visitor)).href).toBe(wanted);
	});

	it.each([
		["a provider that is off", { provider: "apple" }],
		["one that the back end knows and accounts does not", { provider: "azure" }],
		["none", {}],
	])("starts nothing for %s", async (_what, query) => {
		expect(errorOf(await start(new Visitor(bench), query))).toEqual(["/sign-in", "provider_off"]);
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
		github.person = gitHubPerson("both@example.org");
		const visitor = new Visitor(bench);
		expect((await throughGitHub(visitor)).href).toBe(wanted);
		expect(decodeJwt(visitor.tokens.accessToken).sub).toBe(decodeJwt(owner.tokens.accessToken).sub);
	});

	it("is not linked to one with an address that GitHub has not proven", async () => {
		await signedUp(bench, "careful@example.org");
		github.person = gitHubPerson("careful@example.org", false);
		const thief = new Visitor(bench);
		for (let attempt = 0; attempt < 2; attempt += 1) {
			expect(errorOf(await throughGitHub(thief))).toEqual(["/sign-in", "provider_unverified"]);
		}
		expect(thief.tokens.accessToken).toBe("");
	});

	it("does not keep the password of a stranger who signed up with the address before", async () => {
		const stranger = new Visitor(bench);
		await stranger.post(signUp, { email: "early@example.org", password: "a stranger's password" });
		github.person = gitHubPerson("early@example.org");
		expect((await throughGitHub(new Visitor(bench))).href).toBe(wanted);
		const attempt = await stranger.post(signIn, { email: "early@example.org", password: "a stranger's password" });
		expect(attempt.searchParams.get("error")).toBe("wrong_password");
	});

	it("does not keep the unproven GitHub login of a stranger who came before its owner", async () => {
		const unproven = gitHubPerson("later@example.org", false);
		github.person = unproven;
		const stranger = new Visitor(bench);
		expect(errorOf(await throughGitHub(stranger))).toEqual(["/sign-in", "provider_unverified"]);
		const owner = new Visitor(bench);
		await owner.post(signUp, { email: "later@example.org", password: "the owner's own" });
		await owner.post(confirmAddress, { ...(await newestLink(bench, "later@example.org")), password: "the owner's own" });
		expect(await (await owner.session()).json()).toMatchObject({ signedIn: true });
		expect(errorOf(await throughGitHub(stranger))).toEqual(["/sign-in", "provider_unverified"]);
		expect(stranger.tokens.accessToken).toBe("");
	});

	it("keeps a login whose address GitHub has proven meanwhile", async () => {
		const person = gitHubPerson("patient@example.org", false);
		github.person = person;
		const visitor = new Visitor(bench);
		expect(errorOf(await throughGitHub(visitor))).toEqual(["/sign-in", "provider_unverified"]);
		github.person = { ...person, emails: [{ email: "patient@example.org", primary: true, verified: true }] };
		expect((await throughGitHub(visitor)).href).toBe(wanted);
		const ways = await bench.context.portal.call("read_sign_in_ways", {}, visitor.tokens.accessToken);
		expect(ways).toMatchObject({ state: "ok", data: [{ has_password: false, identities: [{ provider: "github" }] }] });
	});
});
