import type { AccountsContext } from "../accounts-context.ts";
import { pageAddress } from "../forms/page-address.ts";
import { readPostedForm } from "../forms/posted-form.ts";
import { clientNetwork } from "../limits/client-address.ts";
import { takeAttempt } from "../limits/take-attempt.ts";
import { needsProof, readSecondFactors } from "../second-factor/read-second-factors.ts";
import { seeOther } from "../session/response.ts";
import { freshPerson } from "./fresh-person.ts";
import { hashOf } from "./issue-device-token.ts";
import { readUserCode, showUserCode } from "./user-code.ts";

/** `POST /api/device/answer`: fields `code`, `decision`. Approves or refuses a device that shows a code. */
export async function answerUserCode(context: AccountsContext, request: Request): Promise<Response> {
	const { addressing } = context.configuration;
	const form = await readPostedForm(addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const code = readUserCode(form.text("code"));
	const back = (parameters: Record<string, string>) => seeOther(pageAddress(addressing, "/device", parameters));
	if (code === null) {
		return back({ error: "code_unknown" });
	}
	const shown = showUserCode(code);
	const person = await freshPerson(context, form.cookieHeader);
	if (person.state !== "signedIn") {
		return back(person.state === "unavailable" ? { error: "unavailable" } : { code: shown });
	}
	const attempt = await takeAttempt(
		context.portal,
		"userCode",
		person.session.user.id,
		clientNetwork(request.headers, context.clientAddressHeader),
	);
	if (attempt.state !== "allowed") {
		return back({ error: attempt.state === "wait" ? "too_many" : "unavailable" });
	}
	const factors = await readSecondFactors(context, person.session);
	if (factors === null) {
		return back({ error: "unavailable" });
	}
	if (needsProof(factors)) {
		return seeOther(
			pageAddress(addressing, "/security/prove", { redirect_to: pageAddress(addressing, "/device", { code: shown }) }),
			person.setCookies,
		);
	}
	const approve = form.text("decision") === "approve";
	const answered = await context.portal.call(
		"answer_device_request",
		{ user_code_hash: hashOf(code), approve },
		person.session.accessToken,
	);
	if (answered.state !== "ok") {
		return back({ error: "unavailable" });
	}
	return answered.data === true ? back({ answered: approve ? "approved" : "refused" }) : back({ error: "code_unknown" });
}
