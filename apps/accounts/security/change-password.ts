import { createDataClientFor } from "@opta/auth/data-client";
import type { AccountsContext } from "../accounts-context.ts";
import { formErrorOf } from "../forms/back-end-error.ts";
import type { FormErrorCode } from "../forms/form-error.ts";
import { pageAddress } from "../forms/page-address.ts";
import { judgePassword } from "../forms/password-rules.ts";
import { readPostedForm } from "../forms/posted-form.ts";
import { openSessionAuthClient } from "../session/auth-client.ts";
import { seeOther } from "../session/response.ts";
import { noteSecurityEvent } from "./note-security-event.ts";
import { reauthenticate, refusedBack } from "./reauthenticate.ts";

/** `POST /api/password`: fields `password` (the present one), `new_password`. Every other session ends. */
export async function changePassword(context: AccountsContext, request: Request): Promise<Response> {
	const { configuration } = context;
	const form = await readPostedForm(configuration.addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const back = (parameters: Record<string, string | undefined>) =>
		seeOther(pageAddress(configuration.addressing, "/security", { form: "password", ...parameters }));
	const next = form.text("new_password");
	const wrong = judgePassword(next);
	if (wrong !== null) {
		return back({ error: wrong satisfies FormErrorCode });
	}
	const person = await reauthenticate(context, request, form.cookieHeader, form.text("password"));
	if (!person.ok) {
		return refusedBack(configuration.addressing, person, "/security", { form: "password" });
	}
	const client = openSessionAuthClient(configuration, form.cookieHeader);
	const { error } = await client.auth.updateUser({ password: next });
	const code = error?.code === "same_password" ? null : formErrorOf(client, error);
	if (code !== null) {
		return back({ error: code });
	}
	await createDataClientFor(configuration, person.session.accessToken).rpc("revoke_sessions", {});
	await noteSecurityEvent(context, person.session.accessToken, request.headers, "password.changed", {});
	return seeOther(pageAddress(configuration.addressing, "/security", { done: "password" }), [...person.setCookies, ...client.setCookies()]);
}
