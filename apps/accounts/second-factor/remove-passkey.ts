import type { AccountsContext } from "../accounts-context.ts";
import { pageAddress } from "../forms/page-address.ts";
import { readPostedForm } from "../forms/posted-form.ts";
import { reauthenticate, refusedBack } from "../security/reauthenticate.ts";
import { seeOther } from "../session/response.ts";

/** `POST /api/second-factor/passkey/remove`: fields `id`, `password`. */
export async function removePasskey(context: AccountsContext, request: Request): Promise<Response> {
	const { addressing } = context.configuration;
	const form = await readPostedForm(addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const person = await reauthenticate(context, request, form.cookieHeader, form.text("password"));
	if (!person.ok) {
		return refusedBack(addressing, person, "/security", { form: "factor" });
	}
	const removed = await context.portal.call("remove_passkey", { id: form.text("id") }, person.session.accessToken);
	return seeOther(
		pageAddress(addressing, "/security", removed.state === "ok" ? { done: "factor-removed" } : { error: "unavailable" }),
		person.setCookies,
	);
}
