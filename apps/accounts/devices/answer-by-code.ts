import type { AccountsContext } from "../accounts-context.ts";
import type { FormErrorCode } from "../forms/form-error.ts";
import { pageAddress } from "../forms/page-address.ts";
import { readPostedForm } from "../forms/posted-form.ts";
import { clientNetwork } from "../limits/client-address.ts";
import { takeAttempt } from "../limits/take-attempt.ts";
import type { PortalAnswer } from "../portal/portal.ts";
import { needsProof, readSecondFactors } from "../second-factor/read-second-factors.ts";
import { seeOther } from "../session/response.ts";
import { freshPerson } from "./fresh-person.ts";
import { hashOf } from "./issue-device-token.ts";
import { readUserCode, showUserCode } from "./user-code.ts";

/** A page where people type a code, and what its answers do. */
export interface CodePage {
	readonly page: string;
	/** Tells the database. */
	answer(answered: { readonly userCodeHash: string; readonly approve: boolean; readonly accessToken: string }): Promise<PortalAnswer>;
	/** What the page says of the database's answer: parameters after an answer that was taken, else what went wrong. */
	read(data: unknown, approve: boolean): { readonly parameters: Record<string, string> } | { readonly error: FormErrorCode };
}

/**
 * Takes the form of such a page: fields `code`, `decision`. It needs a session that the back end confirms, a second factor
 * where the person has one, and an attempt that is left.
 */
export async function answerByCode(context: AccountsContext, request: Request, codePage: CodePage): Promise<Response> {
	const { addressing } = context.configuration;
	const { page } = codePage;
	const form = await readPostedForm(addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const code = readUserCode(form.text("code"));
	const back = (parameters: Record<string, string>) => seeOther(pageAddress(addressing, page, parameters));
	if (code === null) {
		return back({ error: "code_unknown" });
	}
	const shown = showUserCode(code);
	const person = await freshPerson(context, form.cookieHeader);
	if (person.state !== "signedIn") {
		return back(person.state === "unavailable" ? { error: "unavailable" } : { code: shown });
	}
	const { session, setCookies } = person;
	const network = clientNetwork(request.headers, context.clientAddressHeader);
	const attempt = await takeAttempt(context.portal, "userCode", session.user.id, network);
	if (attempt.state !== "allowed") {
		return back({ error: attempt.state === "wait" ? "too_many" : "unavailable" });
	}
	const factors = await readSecondFactors(context, session);
	if (factors === null) {
		return back({ error: "unavailable" });
	}
	if (needsProof(factors)) {
		const redirect_to = pageAddress(addressing, page, { code: shown });
		return seeOther(pageAddress(addressing, "/security/prove", { redirect_to }), setCookies);
	}
	const approve = form.text("decision") === "approve";
	const answered = await codePage.answer({ userCodeHash: hashOf(code), approve, accessToken: session.accessToken });
	if (answered.state !== "ok") {
		return back({ error: "unavailable" });
	}
	const outcome = codePage.read(answered.data, approve);
	return back("error" in outcome ? { error: outcome.error } : outcome.parameters);
}
