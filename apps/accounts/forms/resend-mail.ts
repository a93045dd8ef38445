import type { AuthConfiguration } from "@opta/auth/auth-configuration";
import { backEndCapabilities } from "@opta/auth/back-end-capabilities";
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

/**
 * The embedded back end refuses to send a waiting confirmation twice, however long ago the first mail went out, so there
 * a sign-in link does the same work. It is asked for only after that refusal, which means that the address waits.
 */
async function sendAgain(configuration: AuthConfiguration, email: string): Promise<FormErrorCode | null> {
	const client = openAuthClient(configuration);
	const { error } = await client.auth.resend({ type: "signup", email });
	if (error?.code !== "over_email_send_rate_limit" || backEndCapabilities(configuration).resendsConfirmation) {
		return formErrorOf(client, error);
	}
	const link = await client.auth.signInWithOtp({ email, options: { shouldCreateUser: false } });
	return formErrorOf(client, link.error);
}

/** `POST /api/resend`: field `email`. Has the mail that confirms an address sent again; says the same for every address. */
export async function resendMail(context: AccountsContext, request: Request): Promise<Response> {
	const { configuration } = context;
	const form = await readPostedForm(configuration.addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const email = form.text("email").trim();
	const memory = keepFormMemory({ ...readFormMemory(form.cookieHeader), email });
	const back = (parameters: Record<string, string>) => seeOther(pageAddress(configuration.addressing, "/check-mail", parameters), [memory]);
	if (email === "") {
		return back({ error: "email_invalid" });
	}
	const attempt = await guardAttempt(context, "confirmationMail", email, request.headers);
	if (!attempt.ok) {
		return back({ error: attempt.error, ...(attempt.wait === undefined ? {} : { wait: attempt.wait }) });
	}
	const code = await atLeast(() => sendAgain(configuration, email));
	return code === null ? back({ sent: "again" }) : back({ error: code });
}
