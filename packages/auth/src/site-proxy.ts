import { errorBody } from "@opta/contracts/error-body";
import { type SiteAddressing, siteUrl } from "@opta/contracts/site-url";
import { type SiteName, siteByName } from "@opta/contracts/sites";
import { type NextRequest, NextResponse } from "next/server";
import { parseCookieHeader } from "./cookie-header.ts";
import { authAddressing } from "./env.ts";
import { isPageRequest, judgeHost } from "./host-check.ts";
import { hereHeader, nonceHeader } from "./request-headers.ts";
import { isSessionCookieName, readSessionCookie } from "./session-cookie.ts";

const notStored = { "cache-control": "private, no-store" };

/** Removes what another host of the domain cannot have set: the cookies of this host alone. The real ones have the Domain. */
function planted(cookieHeader: string | null): readonly string[] {
	const names = parseCookieHeader(cookieHeader).map(({ name }) => name);
	return [...new Set(names.filter(isSessionCookieName))].map((name) => `${name}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax`);
}

function refuseDuplicate(site: SiteName, cookieHeader: string | null, isPage: boolean): NextResponse {
	const message =
		"The request carries two session cookies, and one of them is not ours. Load the page again; if this stays, remove the cookies of this site and sign in again.";
	const response = isPage
		? new NextResponse(`${siteByName(site).title}: ${message}\n`, {
				status: 400,
				headers: { ...notStored, "content-type": "text/plain; charset=utf-8" },
			})
		: NextResponse.json(errorBody("invalid_request", message), { status: 400, headers: notStored });
	for (const cookie of planted(cookieHeader)) {
		response.headers.append("set-cookie", cookie);
	}
	return response;
}

/** Makes the Content-Security-Policy of one response; Next.js gives its own scripts the nonce that it finds in it. */
export type NoncePolicy = (addressing: SiteAddressing, path: string, nonce: string) => string;

/** Pages whose address may hold a code or a token, which no other site is to see in `Referer`. Not `no-referrer`: their forms would come with `Origin: null`. */
const secretivePaths = /^\/(auth|cli|device|hosts\/claim|hosts\/join)(\/|\?|$)/;

function passOn(
	request: NextRequest,
	addressing: SiteAddressing,
	site: SiteName,
	path: string,
	policyOf: NoncePolicy | null,
): NextResponse {
	const headers = new Headers(request.headers);
	headers.set(hereHeader, siteUrl(addressing, site, path));
	headers.delete(nonceHeader);
	if (policyOf === null) {
		return NextResponse.next({ request: { headers } });
	}
	const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(18))).toString("base64");
	const policy = policyOf(addressing, path, nonce);
	headers.set(nonceHeader, nonce);
	headers.set("content-security-policy", policy);
	const response = NextResponse.next({ request: { headers } });
	response.headers.set("content-security-policy", policy);
	if (secretivePaths.test(path)) {
		response.headers.set("referrer-policy", "same-origin");
	}
	return response;
}

/**
 * Makes a site's `proxy.ts`. It brings pages asked for at `http://localhost:<port>` to the site's own name, refuses
 * foreign host names (421) and requests with two session cookies (400), and tells pages their own address.
 * It authorises nobody: pages, actions and handlers do that themselves.
 *
 * In `proxy.ts`: `export const proxy = siteProxy("lmx");` and a literal
 * `export const config = { matcher: ["/((?!_next/static|_next/image).*)"] };`. With `policyOf`, every response gets a policy
 * with a nonce of its own.
 */
export function siteProxy(site: SiteName, policyOf: NoncePolicy | null = null): (request: NextRequest) => NextResponse {
	return (request) => {
		const addressing = authAddressing();
		const query = new URLSearchParams(request.nextUrl.search);
		query.delete("_rsc");
		const path = `${request.nextUrl.pathname}${query.size === 0 ? "" : `?${query}`}`;
		const isPage = isPageRequest(request.method, path, request.headers);
		const verdict = judgeHost(addressing, site, { host: request.headers.get("host"), path, isPage });
		if (verdict.state === "foreign") {
			const body = errorBody("invalid_request", `This is ${siteByName(site).title}; it answers at ${siteUrl(addressing, site)} only.`);
			return NextResponse.json(body, { status: 421, headers: notStored });
		}
		if (verdict.state === "redirect") {
			return NextResponse.redirect(verdict.to, { status: 307, headers: notStored });
		}
		const cookieHeader = request.headers.get("cookie");
		if (readSessionCookie(cookieHeader).state === "duplicate") {
			return refuseDuplicate(site, cookieHeader, isPage);
		}
		return passOn(request, addressing, site, path, policyOf);
	};
}
