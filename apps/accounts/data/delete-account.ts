import type { AccountsContext } from "../accounts-context.ts";
import { pageAddress } from "../forms/page-address.ts";
import { readPostedForm } from "../forms/posted-form.ts";
import { reauthenticate, refusedBack } from "../security/reauthenticate.ts";
import { liveSession } from "../session/live-session.ts";
import { seeOther } from "../session/response.ts";

/** `POST /api/account/delete`: fields `password`, `confirm` (the e-mail address, typed again). Deletes after fourteen days. */
export async function requestDeletion(context: AccountsContext, request: Request): Promise<Response> {
	const { addressing } = context.configuration;
	const form = await readPostedForm(addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const back = (parameters: Record<string, string | undefined>) => seeOther(pageAddress(addressing, "/data", parameters));
	const person = await reauthenticate(context, request, form.cookieHeader, form.text("password"));
	if (!person.ok) {
		return refusedBack(addressing, person, "/data");
	}
	if (form.text("confirm").trim().toLowerCase() !== person.session.user.email.toLowerCase()) {
		return back({ error: "address_differs" });
	}
	const asked = await context.portal.call("request_account_deletion", {}, person.session.accessToken);
	return asked.state === "ok"
		? seeOther(pageAddress(addressing, "/data", { done: "asked" }), person.setCookies)
		: back({ error: "unavailable" });
}

/** `POST /api/account/keep`: takes the deletion back. */
export async function keepAccount(context: AccountsContext, request: Request): Promise<Response> {
	const { addressing } = context.configuration;
	const form = await readPostedForm(addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const back = (parameters: Record<string, string>) => seeOther(pageAddress(addressing, "/data", parameters));
	const live = await liveSession(context, form.cookieHeader);
	if (live.state !== "signedIn") {
		return back(live.state === "unavailable" ? { error: "unavailable" } : {});
	}
	const kept = await context.portal.call("cancel_account_deletion", {}, live.session.accessToken);
	return kept.state === "ok" ? back({ done: "kept" }) : back({ error: "unavailable" });
}
