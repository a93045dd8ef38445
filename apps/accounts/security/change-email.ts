import { backEndCapabilities } from "@opta/auth/back-end-capabilities";
import type { AccountsContext } from "../accounts-context.ts";
import { formErrorOf } from "../forms/back-end-error.ts";
import { pageAddress } from "../forms/page-address.ts";
import { readPostedForm } from "../forms/posted-form.ts";
import { guardAttempt } from "../limits/guard-attempt.ts";
import { openSessionAuthClient } from "../session/auth-client.ts";
import { seeOther } from "../session/response.ts";
import { noteSecurityEvent } from "./note-security-event.ts";
import { reauthenticate, refusedBack } from "./reauthenticate.ts";

/**
 * `POST /api/email`: fields `email` (the new one), `password`. Mails go to the new address and to the old one; the address
 * changes when both have been confirmed. The answer is the same for an address that has an account.
 */
export async function changeEmail(context: AccountsContext, request: Request): Promise<Response> {
	const { configuration } = context;
	const form = await readPostedForm(configuration.addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const back = (parameters: Record<string, string | undefined>) =>
		seeOther(pageAddress(configuration.addressing, "/security", { form: "email", ...parameters }));
	if (!backEndCapabilities(configuration).provesNewAddress) {
		return back({ error: "address_fixed" });
	}
	const email = form.text("email").trim();
	if (email === "") {
		return back({ error: "email_invalid" });
	}
	const person = await reauthenticate(context, request, form.cookieHeader, form.text("password"));
	if (!person.ok) {
		return refusedBack(configuration.addressing, person, "/security", { form: "email" });
	}
	const attempt = await guardAttempt(context, "confirmationMail", person.session.user.id, request.headers);
	if (!attempt.ok) {
		return back({ error: attempt.error, wait: attempt.wait });
	}
	const client = openSessionAuthClient(configuration, form.cookieHeader);
	const { error } = await client.auth.updateUser({ email });
	const code = error?.code === "email_exists" || error?.code === "user_already_exists" ? null : formErrorOf(client, error);
	if (code !== null) {
		return back({ error: code });
	}
	await noteSecurityEvent(context, person.session.accessToken, request.headers, "email.change_asked", {});
	return seeOther(pageAddress(configuration.addressing, "/security", { done: "email" }), [...person.setCookies, ...client.setCookies()]);
}
