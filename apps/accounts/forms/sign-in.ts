import { safeRedirect } from "@opta/auth/safe-redirect";
import type { AccountsContext } from "../accounts-context.ts";
import { openSessionAuthClient } from "../session/auth-client.ts";
import { seeOther } from "../session/response.ts";
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
	const again = (error: FormErrorCode) =>
		seeOther(pageAddress(configuration.addressing, "/sign-in", { error, redirect_to: target }), [
			keepFormMemory({ email, redirectTo: target }),
		]);
	if (email === "" || password === "") {
		return again("incomplete");
	}
	const client = openSessionAuthClient(configuration, form.cookieHeader);
	const { error } = await client.auth.signInWithPassword({ email, password });
	const code = formErrorOf(client, error);
	return code === null ? seeOther(target, [...client.setCookies(), dropFormMemory()]) : again(code);
}
