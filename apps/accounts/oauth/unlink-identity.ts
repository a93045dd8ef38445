import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";
import type { FormErrorCode } from "../forms/form-error.ts";
import { pageAddress } from "../forms/page-address.ts";
import { readPostedForm } from "../forms/posted-form.ts";
import { noteSecurityEvent } from "../security/note-security-event.ts";
import { reauthenticate, refusedBack } from "../security/reauthenticate.ts";
import { seeOther } from "../session/response.ts";
import { providerTitles, readProvider } from "./providers.ts";

/**
 * `POST /api/identities/unlink`: fields `id`, `password`. The login opens the account no more. The last one stays unless
 * there is a password: mail links alone would leave the account with whoever has the mailbox.
 */
export async function unlinkIdentity(context: AccountsContext, request: Request): Promise<Response> {
	const { addressing } = context.configuration;
	const form = await readPostedForm(addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const back = (error: FormErrorCode) => seeOther(pageAddress(addressing, "/security", { form: "identity", error }));
	const id = z.uuid().safeParse(form.text("id"));
	if (!id.success) {
		return back("identity_gone");
	}
	const person = await reauthenticate(context, request, form.cookieHeader, form.text("password"));
	if (!person.ok) {
		return refusedBack(addressing, person, "/security", { form: "identity" });
	}
	const answer = await context.portal.call("unlink_identity", { of_identity: id.data }, person.session.accessToken);
	if (answer.state !== "ok") {
		return back("unavailable");
	}
	if (answer.data === "last" || answer.data === "gone") {
		return back(answer.data === "last" ? "identity_last" : "identity_gone");
	}
	const provider = readProvider(answer.data);
	const detail: Record<string, string> = provider === null ? {} : { provider: providerTitles[provider] };
	await noteSecurityEvent(context, person.session.accessToken, request.headers, "identity.unlinked", detail);
	return seeOther(pageAddress(addressing, "/security", { done: "identity-unlinked" }), person.setCookies);
}
