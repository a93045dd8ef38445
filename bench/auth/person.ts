import { readSessionCookie } from "@opta/auth/session-cookie";
import { sessionCookieName } from "@opta/contracts/session-cookie";
import { siteOrigin } from "@opta/contracts/site-url";
import { decodeJwt, SignJWT } from "jose";
import type { AccountsContext } from "../../apps/accounts/accounts-context.ts";
import { confirmAddress } from "../../apps/accounts/forms/confirm-address.ts";
import { signUp } from "../../apps/accounts/forms/sign-up.ts";
import type { AccountsBench } from "../../apps/accounts/testing/accounts-bench.ts";

type FormRoute = (context: AccountsContext, request: Request) => Promise<Response>;

/** The session cookie that a response sets, as a `Cookie` header; empty for none. */
export function keptCookie(response: Response): string {
	const kept = response.headers.getSetCookie().find((line) => line.startsWith(`${sessionCookieName}=`) && !line.includes("Max-Age=0;"));
	return kept?.slice(0, kept.indexOf(";")) ?? "";
}

/** Sends a form of accounts' own page; answers the session cookie that came back as a `Cookie` header, empty for none. */
export async function sendForm({ context }: AccountsBench, route: FormRoute, fields: Record<string, string>): Promise<string> {
	const body = new URLSearchParams(fields).toString();
	const headers = {
		origin: siteOrigin(context.configuration.addressing, "accounts"),
		"content-type": "application/x-www-form-urlencoded",
		"content-length": String(body.length),
	};
	const response = await route(context, new Request("http://127.0.0.1/form", { method: "POST", body, headers }));
	return keptCookie(response);
}

/** Signs a person up and confirms the address by the mail; answers the `Cookie` header of the session. */
export async function newPerson(bench: AccountsBench, email: string, password: string): Promise<string> {
	await sendForm(bench, signUp, { name: "Ada Lovelace", email, password });
	const mails = await fetch(`${bench.mailbox}/api/messages?to=${encodeURIComponent(email)}&waitMs=10000`);
	const [, query] = /\/auth\/confirm\?([^"]+)/.exec(await mails.text()) ?? [];
	const link = Object.fromEntries(new URLSearchParams(query));
	const cookie = await sendForm(bench, confirmAddress, { ...link, password });
	if (cookie === "") {
		throw new Error(`${email} could not be signed up.`);
	}
	return cookie;
}

/** The same session with an access token that ended a minute ago. */
export async function withEndedToken(bench: AccountsBench, cookieHeader: string): Promise<string> {
	const cookie = readSessionCookie(cookieHeader);
	if (cookie.state !== "present") {
		throw new Error("There is no session to let end.");
	}
	const { sub = "", email, session_id } = decodeJwt(cookie.accessToken);
	const token = await new SignJWT({ sub, email, session_id, aud: "authenticated", role: "authenticated" })
		.setProtectedHeader({ alg: "HS256" })
		.setExpirationTime(Math.floor(Date.now() / 1000) - 60)
		.sign(new TextEncoder().encode(bench.jwtSecret));
	const session = JSON.stringify({ access_token: token, refresh_token: cookie.refreshToken });
	return `${sessionCookieName}=base64-${Buffer.from(session).toString("base64url")}`;
}
