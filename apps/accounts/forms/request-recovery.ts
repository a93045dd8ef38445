import type { AccountsContext } from "../accounts-context.ts";
import { atLeast } from "../limits/at-least.ts";
import { guardAttempt } from "../limits/guard-attempt.ts";
import { openAuthClient } from "../session/auth-client.ts";
import { seeOther } from "../session/response.ts";
import { formErrorOf } from "./back-end-error.ts";
import type { FormErrorCode } from "./form-error.ts";
import { keepFormMemory, readFormMemory } from "./form-memory.ts";
import { pageAddress } from "./page-address.ts";
import { readPostedForm } from "./posted-form.ts";

/** `POST /api/recover`: field `email`. Has a mail with a link for a new password sent; says the same for every address. */
export async function requestRecovery(context: AccountsContext, request: Request): Promise<Response> {
	const { configuration } = context;
	const form = await readPostedForm(configuration.addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const email = form.text("email").trim();
	const memory = keepFormMemory({ ...readFormMemory(form.cookieHeader), email });
	const again = (error: FormErrorCode, wait?: string) =>
		seeOther(pageAddress(configuration.addressing, "/forgot-password", { error, wait }), [memory]);
	if (email === "") {
		return again("email_invalid");
	}
	const attempt = await guardAttempt(context, "recoveryMail", email, request.headers);
	if (!attempt.ok) {
		return again(attempt.error, attempt.wait);
	}
	const client = openAuthClient(configuration);
	const { error } = await atLeast(() => client.auth.resetPasswordForEmail(email));
	const code = error?.code === "over_email_send_rate_limit" ? null : formErrorOf(client, error);
	return code === null ? seeOther(pageAddress(configuration.addressing, "/check-mail", { for: "password" }), [memory]) : again(code);
}
