import { safeRedirect } from "@opta/auth/safe-redirect";
import type { AccountsContext } from "../accounts-context.ts";
import { atLeast } from "../limits/at-least.ts";
import { guardAttempt } from "../limits/guard-attempt.ts";
import { openSessionAuthClient } from "../session/auth-client.ts";
import { seeOther } from "../session/response.ts";
import { noteSession } from "../sessions/note-session.ts";
import { formErrorOf } from "./back-end-error.ts";
import type { FormErrorCode } from "./form-error.ts";
import { dropFormMemory, keepFormMemory } from "./form-memory.ts";
import { pageAddress } from "./page-address.ts";
import { readPostedForm } from "./posted-form.ts";

/** `POST /api/sign-in`: fields `email`, `password`, `redirect_to`. Ends on the page asked for, or back on the form with the e-mail kept. */
export async function signIn(context: AccountsContext, request: Request): Promise<Response> {
	const { configuration } = context;
	const form = await readPostedForm(configuration.addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const email = form.text("email").trim();
	const password = form.text("password");
	const target = safeRedirect(form.text("redirect_to"), configuration.addressing);
	const again = (error: FormErrorCode, wait?: string) =>
		seeOther(pageAddress(configuration.addressing, "/sign-in", { error, wait, redirect_to: target }), [
			keepFormMemory({ email, redirectTo: target }),
		]);
	if (email === "" || password === "") {
		return again("incomplete");
	}
	const attempt = await guardAttempt(context, "password", email, request.headers);
	if (!attempt.ok) {
		return again(attempt.error, attempt.wait);
	}
	const client = openSessionAuthClient(configuration, form.cookieHeader);
	const { data, error } = await atLeast(() => client.auth.signInWithPassword({ email, password }));
	const code = formErrorOf(client, error);
	if (code !== null) {
		return again(code);
	}
	await Promise.all([
		attempt.giveBack(),
		data.session === null ? null : noteSession(context, data.session.access_token, request.headers, "password"),
	]);
	return seeOther(target, [...client.setCookies(), dropFormMemory()]);
}
