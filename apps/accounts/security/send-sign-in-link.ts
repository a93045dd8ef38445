import { safeRedirect } from "@opta/auth/safe-redirect";
import type { AccountsContext } from "../accounts-context.ts";
import { formErrorOf } from "../forms/back-end-error.ts";
import type { FormErrorCode } from "../forms/form-error.ts";
import { keepFormMemory } from "../forms/form-memory.ts";
import { pageAddress } from "../forms/page-address.ts";
import { readPostedForm } from "../forms/posted-form.ts";
import { atLeast } from "../limits/at-least.ts";
import { guardAttempt } from "../limits/guard-attempt.ts";
import { openAuthClient } from "../session/auth-client.ts";
import { seeOther } from "../session/response.ts";

/** Answers that would tell a stranger whether an address has an account; they read like a success. */
const unknownAddress: ReadonlySet<string> = new Set([
	"user_not_found",
	"otp_disabled",
	"signup_disabled",
	"over_email_send_rate_limit",
	"email_not_confirmed",
]);

/**
 * Has a mail with a sign-in link sent to an address that has an account; what a form says where that failed. Whether there is
 * an account shows neither in the answer nor in its time.
 */
export async function mailSignInLink(
	context: AccountsContext,
	email: string,
	headers: Headers,
): Promise<{ readonly error: FormErrorCode; readonly wait: string | undefined } | null> {
	const attempt = await guardAttempt(context, "signInMail", email, headers);
	if (!attempt.ok) {
		return attempt;
	}
	const client = openAuthClient(context.configuration);
	const { error } = await atLeast(() => client.auth.signInWithOtp({ email, options: { shouldCreateUser: false } }));
	const code = unknownAddress.has(error?.code ?? "") ? null : formErrorOf(client, error);
	return code === null ? null : { error: code, wait: undefined };
}

/** `POST /api/sign-in-link`: fields `email`, `redirect_to`. Has a mail with a sign-in link sent; says the same for every address. */
export async function sendSignInLink(context: AccountsContext, request: Request): Promise<Response> {
	const { configuration } = context;
	const form = await readPostedForm(configuration.addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const email = form.text("email").trim();
	const redirectTo = safeRedirect(form.text("redirect_to"), configuration.addressing);
	const memory = keepFormMemory({ email, redirectTo });
	const again = (error: FormErrorCode, wait?: string) =>
		seeOther(pageAddress(configuration.addressing, "/sign-in", { error, wait, redirect_to: redirectTo }), [memory]);
	if (email === "") {
		return again("email_invalid");
	}
	const failed = await mailSignInLink(context, email, request.headers);
	return failed === null
		? seeOther(pageAddress(configuration.addressing, "/check-mail", { for: "link" }), [memory])
		: again(failed.error, failed.wait);
}
