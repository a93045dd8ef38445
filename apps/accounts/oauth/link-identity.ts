import { backEndCapabilities } from "@opta/auth/back-end-capabilities";
import { siteUrl } from "@opta/contracts/site-url";
import type { AccountsContext } from "../accounts-context.ts";
import type { FormErrorCode } from "../forms/form-error.ts";
import { pageAddress } from "../forms/page-address.ts";
import { readPostedForm } from "../forms/posted-form.ts";
import { reauthenticate, refusedBack } from "../security/reauthenticate.ts";
import { openSessionAuthClient } from "../session/auth-client.ts";
import { seeOther } from "../session/response.ts";
import { offeredProviders } from "./back-end-settings.ts";
import { callbackAddress } from "./flow-address.ts";
import { onwardPage } from "./onward-page.ts";
import { providerErrorOf } from "./provider-error.ts";
import { providerTitles, readProvider } from "./providers.ts";

/** `POST /api/identities/link`: fields `provider`, `password`. Leads to the service, which comes back to `/auth/callback`. */
export async function linkIdentity(context: AccountsContext, request: Request): Promise<Response> {
	const { configuration } = context;
	const { addressing } = configuration;
	const form = await readPostedForm(addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const back = (error: FormErrorCode) => seeOther(pageAddress(addressing, "/security", { form: "identity", error }));
	if (!backEndCapabilities(configuration).linksIdentities) {
		return back("link_off");
	}
	const provider = readProvider(form.text("provider"));
	if (provider === null || !offeredProviders(await context.backEndSettings()).includes(provider)) {
		return back("provider_off");
	}
	const person = await reauthenticate(context, request, form.cookieHeader, form.text("password"));
	if (!person.ok) {
		return refusedBack(addressing, person, "/security", { form: "identity" });
	}
	const client = openSessionAuthClient(configuration, form.cookieHeader);
	const redirectTo = callbackAddress(addressing, provider, "link", siteUrl(addressing, "accounts", "/security"));
	const { data, error } = await client.auth.linkIdentity({ provider, options: { redirectTo, skipBrowserRedirect: true } });
	if (error !== null || data.url === null) {
		return back(client.unreachable() ? "unavailable" : providerErrorOf(null, error?.code));
	}
	return onwardPage(data.url, providerTitles[provider], [...person.setCookies, ...client.setCookies()]);
}
