import "server-only";
import { siteUrl } from "@opta/contracts/site-url";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { authAddressing } from "./env.ts";
import { hereHeader } from "./request-headers.ts";
import { safeRedirect } from "./safe-redirect.ts";
import { readSession, type Session, type SignedInSession } from "./session.ts";

/** Who asks for the page that is being rendered; read once per request. */
export const currentSession: () => Promise<Session> = cache(async () => readSession((await headers()).get("cookie")));

/**
 * For pages: the signed-in person. Anybody else is sent to accounts, to sign in or to have the session refreshed,
 * and comes back to the page. Call it in every page and action; it is read once per request.
 * @throws {AuthUnavailableError} when the back end's public keys cannot be fetched.
 */
export async function requireUser(): Promise<SignedInSession> {
	const session = await currentSession();
	if (session.state === "signedIn") {
		return session;
	}
	const addressing = authAddressing();
	const here = safeRedirect((await headers()).get(hereHeader), addressing);
	const page = session.state === "expired" ? "/refresh" : "/sign-in";
	redirect(siteUrl(addressing, "accounts", `${page}?redirect_to=${encodeURIComponent(here)}`));
}
