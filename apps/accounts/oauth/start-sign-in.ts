import { safeRedirect } from "@opta/auth/safe-redirect";
import type { AccountsContext } from "../accounts-context.ts";
import type { FormErrorCode } from "../forms/form-error.ts";
import { pageAddress } from "../forms/page-address.ts";
import { openSessionAuthClient } from "../session/auth-client.ts";
import { seeOther } from "../session/response.ts";
import { offeredProviders } from "./back-end-settings.ts";
import { callbackAddress, single } from "./flow-address.ts";
import { readProvider } from "./providers.ts";

/** Browsers name the site of the page with the link (Fetch Metadata); those that do not are too old to be tricked by it. */
function isFollowedHere(headers: Headers): boolean {
	return (headers.get("sec-fetch-site") ?? "same-origin") === "same-origin" && (headers.get("sec-fetch-mode") ?? "navigate") === "navigate";
}

/**
 * `GET /auth/start?provider=&redirect_to=`: sends the browser to a provider, with the PKCE verifier (RFC 7636, S256) of this
 * flow in a cookie. A link and no form: Chromium holds the redirects after a form to `form-action`. A link on another site
 * only leads to the sign-in page, so that nobody is signed in without asking for it (ASVS 5.0, 7.6.2).
 */
export async function startProviderSignIn(context: AccountsContext, request: Request, query: URLSearchParams): Promise<Response> {
	const { configuration } = context;
	const { addressing } = configuration;
	const target = safeRedirect(single(query, "redirect_to"), addressing);
	const signInPage = (error?: FormErrorCode) => seeOther(pageAddress(addressing, "/sign-in", { error, redirect_to: target }));
	if (!isFollowedHere(request.headers)) {
		return signInPage();
	}
	const provider = readProvider(single(query, "provider"));
	const settings = await context.backEndSettings();
	if (settings === null) {
		return signInPage("unavailable");
	}
	if (provider === null || !offeredProviders(settings).includes(provider)) {
		return signInPage("provider_off");
	}
	const client = openSessionAuthClient(configuration, request.headers.get("cookie"));
	const redirectTo = callbackAddress(addressing, provider, "sign-in", target);
	const { data } = await client.auth.signInWithOAuth({ provider, options: { redirectTo, skipBrowserRedirect: true } });
	return data.url === null ? signInPage("unavailable") : seeOther(data.url, client.setCookies());
}
