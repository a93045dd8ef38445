import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { hostileRedirects } from "@opta/auth/testing/hostile-redirects";
import { sessionCookieName } from "@opta/contracts/session-cookie";
import { allSiteOrigins, localAddressing, type SiteAddressing, siteOrigin, siteUrl } from "@opta/contracts/site-url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccountsContext } from "./accounts-context.ts";
import { confirmAddress } from "./forms/confirm-address.ts";
import { keepFormMemory } from "./forms/form-memory.ts";
import { readPageInput, siteTitleOf } from "./forms/page-input.ts";
import { signIn } from "./forms/sign-in.ts";
import { signUp } from "./forms/sign-up.ts";
import { finishProviderSignIn } from "./oauth/finish-sign-in.ts";
import { startProviderSignIn } from "./oauth/start-sign-in.ts";
import { proveSecondFactor } from "./second-factor/prove.ts";
import { confirmLink } from "./security/confirm-link.ts";
import { sendSignInLink } from "./security/send-sign-in-link.ts";
import { visitRefresh } from "./session/refresh-visit.ts";
import { type GenerousBackEnd, startGenerousBackEnd } from "./testing/generous-back-end.ts";

const production: SiteAddressing = { scheme: "https", baseDomain: "optalocal.com", portBase: null };

/** What a stranger who can write headers, or a proxy that passes them on, may claim. */
const claims = {
	host: "evil.com",
	forwarded: "host=evil.com;proto=https",
	referer: "https://evil.com/sign-in",
	"x-forwarded-host": "evil.com",
	"x-forwarded-proto": "javascript",
	"x-original-url": "//evil.com",
	"x-rewrite-url": "//evil.com",
};

let backEnd: GenerousBackEnd;

beforeAll(async () => {
	backEnd = await startGenerousBackEnd();
});

afterAll(() => backEnd.close());

function sessionCookie(): string {
	const { accessToken, refreshToken } = backEnd.tokens;
	const session = JSON.stringify({ access_token: accessToken, refresh_token: refreshToken });
	return `${sessionCookieName}=base64-${Buffer.from(session).toString("base64url")}`;
}

function post(addressing: SiteAddressing, fields: readonly (readonly [string, string])[], cookie = ""): Request {
	const body = new URLSearchParams(fields.map(([name, value]) => [name, value])).toString();
	return new Request("https://evil.com/form", {
		method: "POST",
		body,
		headers: {
			...claims,
			cookie,
			origin: siteOrigin(addressing, "accounts"),
			"content-type": "application/x-www-form-urlencoded",
			"content-length": String(body.length),
		},
	});
}

function get(cookie = ""): Request {
	return new Request("https://evil.com/page", { headers: { ...claims, cookie } });
}

const memoryOf = (redirectTo: string) => keepFormMemory({ redirectTo }).split(";")[0] ?? "";
const login = [
	["email", "ada@example.org"],
	["password", "correct horse battery"],
] as const;
const link = [["token_hash", "a".repeat(56)]] as const;

/** A code that was exchanged for somebody who began here: the verifier is in their cookie. */
async function arrivedFromGitHub(context: AccountsContext, redirectTo: string): Promise<Response> {
	const started = await startProviderSignIn(context, get(), new URLSearchParams({ provider: "github", redirect_to: "/" }));
	const cookie = started.headers
		.getSetCookie()
		.map((line) => line.split(";")[0])
		.join("; ");
	const callback = new URL(new URL(started.headers.get("location") ?? "").searchParams.get("redirect_to") ?? "");
	callback.searchParams.set("redirect_to", redirectTo);
	callback.searchParams.set("code", "c0de");
	return finishProviderSignIn(context, get(cookie), callback.searchParams);
}

type Way = (context: AccountsContext, value: string) => Promise<Response>;

/** Every way in which a value from outside decides where accounts sends a browser, on its good and its bad end. */
const ways: Readonly<Record<string, Way>> = {
	"GET /refresh, signed in": (context, value) => visitRefresh(context, get(sessionCookie()), value),
	"GET /refresh, signed out": (context, value) => visitRefresh(context, get(), value),
	"POST /api/sign-in": (context, value) => signIn(context, post(context.configuration.addressing, [...login, ["redirect_to", value]])),
	"POST /api/sign-in, incomplete": (context, value) => signIn(context, post(context.configuration.addressing, [["redirect_to", value]])),
	"POST /api/sign-up": (context, value) => signUp(context, post(context.configuration.addressing, [...login, ["redirect_to", value]])),
	"POST /api/sign-up, incomplete": (context, value) => signUp(context, post(context.configuration.addressing, [["redirect_to", value]])),
	"POST /api/sign-in-link, no address": (context, value) =>
		sendSignInLink(context, post(context.configuration.addressing, [["redirect_to", value]])),
	"POST /api/confirm, remembered": (context, value) =>
		confirmAddress(context, post(context.configuration.addressing, [...login, ...link, ["type", "signup"]], memoryOf(value))),
	"POST /api/confirm-link, remembered": (context, value) =>
		confirmLink(context, post(context.configuration.addressing, [...link, ["type", "magiclink"]], memoryOf(value))),
	"POST /api/second-factor/prove": (context, value) =>
		proveSecondFactor(
			context,
			post(
				context.configuration.addressing,
				[
					["code", "00000-00000"],
					["redirect_to", value],
				],
				sessionCookie(),
			),
		),
	"POST /api/second-factor/prove, signed out": (context, value) =>
		proveSecondFactor(context, post(context.configuration.addressing, [["redirect_to", value]])),
	"GET /auth/start": (context, value) =>
		startProviderSignIn(context, get(), new URLSearchParams({ provider: "github", redirect_to: value })),
	"GET /auth/start, no provider": (context, value) => startProviderSignIn(context, get(), new URLSearchParams({ redirect_to: value })),
	"GET /auth/callback": arrivedFromGitHub,
	"GET /auth/callback, denied": (context, value) =>
		finishProviderSignIn(context, get(), new URLSearchParams({ provider: "github", error: "access_denied", redirect_to: value })),
	"GET /auth/callback, loaded again": (context, value) =>
		finishProviderSignIn(context, get(sessionCookie()), new URLSearchParams({ provider: "github", code: "old", redirect_to: value })),
};

/** Files that let a value from outside decide; each stands behind one of the ways above, or of the pages below. */
const judges = [
	"forms/page-input.ts",
	"forms/sign-in.ts",
	"forms/sign-up.ts",
	"hosts/landing-page.ts",
	"oauth/finish-sign-in.ts",
	"oauth/start-sign-in.ts",
	"second-factor/prove.ts",
	"security/send-sign-in-link.ts",
	"session/refresh-visit.ts",
];

/** Where a redirect leads, and where it says that it leads on to. */
function stopsOf(location: string): readonly URL[] {
	const url = new URL(location);
	const onward = url.searchParams.getAll("redirect_to");
	return [url, ...onward.flatMap(stopsOf)];
}

describe.each([
	["production", production],
	["this machine", localAddressing],
])("redirects of accounts in %s", (_place, addressing) => {
	const texts = hostileRedirects(addressing).filter((value) => typeof value === "string");

	it.each(Object.entries(ways))("%s leaves the sites for none of the hostile values, whatever the headers claim", async (_name, way) => {
		const context = backEnd.contextFor(addressing);
		const origins = [...allSiteOrigins(addressing), new URL(context.configuration.supabaseUrl).origin];
		await Promise.all(
			texts.map(async (value) => {
				const response = await way(context, value);
				const location = response.headers.get("location") ?? "";
				expect([response.status, value, location]).toEqual([303, value, expect.not.stringContaining("evil")]);
				for (const stop of stopsOf(location)) {
					expect(origins).toContain(stop.origin);
				}
			}),
		);
	});

	it.each(Object.entries(ways))("%s leads on to a page of ours that was asked for", async (name, way) => {
		const wanted = siteUrl(addressing, "lmx", "/chat");
		const location = (await way(backEnd.contextFor(addressing), wanted)).headers.get("location") ?? "";
		const goesNowhere = ["POST /api/sign-up"].includes(name);
		expect(stopsOf(location).some((stop) => stop.href === wanted)).toBe(!goesNowhere);
	});

	it("reads no page's parameter as a way out, be it given once or several times", async () => {
		const home = siteUrl(addressing, "accounts", "/");
		const good = siteUrl(addressing, "lmx", "/chat");
		for (const value of texts) {
			for (const redirect_to of [value, [value], [good, value], [value, good]]) {
				const { target } = await readPageInput(Promise.resolve({ redirect_to }), addressing);
				expect([redirect_to, target]).toEqual([redirect_to, home]);
				expect(siteTitleOf(target, addressing)).toBeNull();
			}
		}
	});

	it("takes no parameter that a form or an address holds twice", async () => {
		const context = backEnd.contextFor(addressing);
		const home = siteUrl(addressing, "accounts", "/");
		const twice = [siteUrl(addressing, "lmx", "/chat"), "//evil.com"].map((value) => ["redirect_to", value] as const);
		expect((await signIn(context, post(addressing, [...login, ...twice]))).headers.get("location")).toBe(home);
		const query = new URLSearchParams([["provider", "github"], ["error", "access_denied"], ...twice.map(([name, value]) => [name, value])]);
		const back = new URL((await finishProviderSignIn(context, get(), query)).headers.get("location") ?? "");
		expect(back.searchParams.get("redirect_to")).toBe(home);
	});
});

it("knows every file that judges where a browser goes", async () => {
	const files = await readdir(import.meta.dirname, { recursive: true });
	const sources = files.filter((file) => /\.tsx?$/.test(file) && !/(^|\/)(\.next|node_modules|testing)\/|\.test\./.test(file));
	const found: string[] = [];
	for (const file of sources) {
		if ((await readFile(path.join(import.meta.dirname, file), "utf8")).includes("safeRedirect(")) {
			found.push(file);
		}
	}
	expect(found.sort()).toEqual(judges);
});
