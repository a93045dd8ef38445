import type { AccountsContext } from "../accounts-context.ts";
import { openAuthClient } from "../session/auth-client.ts";
import { seeOther } from "../session/response.ts";
import { formErrorOf } from "./back-end-error.ts";
import { keepFormMemory, readFormMemory } from "./form-memory.ts";
import { pageAddress } from "./page-address.ts";
import { readPostedForm } from "./posted-form.ts";

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
	const client = openAuthClient(configuration);
	const { error } = await client.auth.resend({ type: "signup", email });
	const code = formErrorOf(client, error);
	return code === null ? back({ sent: "again" }) : back({ error: code });
}
