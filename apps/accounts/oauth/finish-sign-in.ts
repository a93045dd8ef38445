import { safeRedirect } from "@opta/auth/safe-redirect";
import type { User } from "@supabase/supabase-js";
import { databaseTime } from "../account/database-time.ts";
import type { AccountsContext } from "../accounts-context.ts";
import type { FormErrorCode } from "../forms/form-error.ts";
import { dropFormMemory } from "../forms/form-memory.ts";
import { pageAddress } from "../forms/page-address.ts";
import { noteSecurityEvent } from "../security/note-security-event.ts";
import { openSessionAuthClient } from "../session/auth-client.ts";
import { liveSession } from "../session/live-session.ts";
import { seeOther } from "../session/response.ts";
import { noteSession } from "../sessions/note-session.ts";
import { single } from "./flow-address.ts";
import { providerErrorOf } from "./provider-error.ts";
import { type ProviderName, providerTitles, readProvider } from "./providers.ts";

/** The back end writes both times of a new identity at once; later sign-ins move the second one. */
const sameInstantMs = 50;

/** True when this very sign-in added the service to an account that had another way to sign in. */
function wasJustLinked({ identities = [] }: User, provider: ProviderName): boolean {
	const identity = identities.find((one) => one.provider === provider);
	const linkedAt = databaseTime(identity?.created_at ?? "").getTime();
	const usedAt = databaseTime(identity?.last_sign_in_at ?? "").getTime();
	return identities.length > 1 && Math.abs(usedAt - linkedAt) < sameInstantMs;
}

/**
 * `GET /auth/callback`: what came back from a provider. The code is exchanged with the verifier that `/auth/start` left in
 * this browser, so a code that somebody else got is worth nothing here. Ends on the page asked for, or on the page that the
 * flow began on with what went wrong.
 */
export async function finishProviderSignIn(context: AccountsContext, request: Request, query: URLSearchParams): Promise<Response> {
	const { configuration } = context;
	const { addressing } = configuration;
	const cookieHeader = request.headers.get("cookie");
	const provider = readProvider(single(query, "provider"));
	const isLink = single(query, "for") === "link";
	const target = safeRedirect(single(query, "redirect_to"), addressing);
	const failed = (error: FormErrorCode, setCookies: readonly string[] = []) =>
		isLink
			? seeOther(pageAddress(addressing, "/security", { form: "identity", error }), setCookies)
			: seeOther(pageAddress(addressing, "/sign-in", { error, redirect_to: target }), setCookies);
	if (query.has("error") || query.has("error_code")) {
		return failed(providerErrorOf(single(query, "error"), single(query, "error_code")));
	}
	const code = single(query, "code");
	if (provider === null || code === null) {
		return failed("provider_stale");
	}
	const client = openSessionAuthClient(configuration, cookieHeader);
	const { data, error } = await client.auth.exchangeCodeForSession(code, { flowId: single(query, "sb_flow_id") ?? "" });
	if (client.unreachable()) {
		return failed("unavailable", client.setCookies());
	}
	if (error !== null) {
		const reason = providerErrorOf(error.code);
		// A page that was loaded again, or gone back to: the sign-in has happened already.
		if (reason === "provider_stale" && !isLink && (await liveSession(context, cookieHeader)).state === "signedIn") {
			return seeOther(target, client.setCookies());
		}
		return failed(reason, client.setCookies());
	}
	const { user, session } = data;
	if (!user.email_confirmed_at) {
		await client.auth.signOut({ scope: "local" });
		return failed("provider_unverified", client.setCookies());
	}
	await noteSession(context, session.access_token, request.headers, provider);
	if (isLink || wasJustLinked(user, provider)) {
		await noteSecurityEvent(context, session.access_token, request.headers, "identity.linked", { provider: providerTitles[provider] });
	}
	const arrived = isLink ? pageAddress(addressing, "/security", { done: "identity-linked" }) : target;
	return seeOther(arrived, [...client.setCookies(), dropFormMemory()]);
}
