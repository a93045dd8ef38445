import { safeRedirect } from "@opta/auth/safe-redirect";
import type { AccountsContext } from "../accounts-context.ts";
import { atLeast } from "../limits/at-least.ts";
import { guardAttempt } from "../limits/guard-attempt.ts";
import { openAuthClient } from "../session/auth-client.ts";
import { seeOther } from "../session/response.ts";
import { formErrorOf } from "./back-end-error.ts";
import type { FormErrorCode } from "./form-error.ts";
import { keepFormMemory } from "./form-memory.ts";
import { longestNameCharacters } from "./name-rules.ts";
import { pageAddress } from "./page-address.ts";
import { judgePassword } from "./password-rules.ts";
import { readPostedForm } from "./posted-form.ts";

/** Answers that would tell a stranger that an address has an account; they read like a success. */
const repeatedSignUp: ReadonlySet<string> = new Set(["user_already_exists", "email_exists", "over_email_send_rate_limit"]);

function judgeFields(name: string, email: string, password: string): FormErrorCode | null {
	if (email === "" || password === "") {
		return "incomplete";
	}
	if ([...name].length > longestNameCharacters) {
		return "name_long";
	}
	return judgePassword(password);
}

/** `POST /api/sign-up`: fields `name`, `email`, `password`, `redirect_to`. Ends on "check your mail", whether or not the address had an account. */
export async function signUp(context: AccountsContext, request: Request): Promise<Response> {
	const { configuration } = context;
	const form = await readPostedForm(configuration.addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const name = form.text("name").trim();
	const email = form.text("email").trim();
	const password = form.text("password");
	const redirectTo = safeRedirect(form.text("redirect_to"), configuration.addressing);
	const memory = keepFormMemory({ email, name, redirectTo });
	const again = (error: FormErrorCode, wait?: string) =>
		seeOther(pageAddress(configuration.addressing, "/sign-up", { error, wait, redirect_to: redirectTo }), [memory]);
	const wrong = judgeFields(name, email, password);
	if (wrong !== null) {
		return again(wrong);
	}
	const attempt = await guardAttempt(context, "signUp", email, request.headers);
	if (!attempt.ok) {
		return again(attempt.error, attempt.wait);
	}
	const client = openAuthClient(configuration);
	const data = name === "" ? {} : { display_name: name };
	const { error } = await atLeast(() => client.auth.signUp({ email, password, options: { data } }));
	const code = repeatedSignUp.has(error?.code ?? "") ? null : formErrorOf(client, error);
	return code === null ? seeOther(pageAddress(configuration.addressing, "/check-mail"), [memory]) : again(code);
}
