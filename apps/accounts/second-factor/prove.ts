import { safeRedirect } from "@opta/auth/safe-redirect";
import { siteUrl } from "@opta/contracts/site-url";
import type { AccountsContext } from "../accounts-context.ts";
import { freshPerson } from "../devices/fresh-person.ts";
import { pageAddress } from "../forms/page-address.ts";
import { readPostedForm } from "../forms/posted-form.ts";
import { guardAttempt } from "../limits/guard-attempt.ts";
import { seeOther } from "../session/response.ts";
import { readTotp } from "./manage-totp.ts";
import { readRecoveryCode, recoveryCodeHash } from "./recovery-codes.ts";
import { totpStep } from "./totp.ts";

async function isRight(
	context: AccountsContext,
	user: { readonly id: string },
	accessToken: string,
	typed: string,
): Promise<boolean | "unavailable"> {
	const recovery = readRecoveryCode(typed);
	if (recovery !== null) {
		const used = await context.portal.call("use_recovery_code", { code_hash: recoveryCodeHash(user.id, recovery) }, accessToken);
		return used.state === "ok" ? used.data === true : "unavailable";
	}
	const factor = await readTotp(context, user.id, accessToken);
	if (factor === "unavailable") {
		return "unavailable";
	}
	const step = factor?.isConfirmed ? totpStep(factor.secret, typed) : null;
	if (step === null) {
		return false;
	}
	const used = await context.portal.call("use_totp_step", { step }, accessToken);
	return used.state === "ok" ? used.data === true : "unavailable";
}

/** `POST /api/second-factor/prove`: fields `code` (of the app, or a recovery code), `redirect_to`. Good for ten minutes of this session. */
export async function proveSecondFactor(context: AccountsContext, request: Request): Promise<Response> {
	const { addressing } = context.configuration;
	const form = await readPostedForm(addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const target = safeRedirect(form.text("redirect_to") || siteUrl(addressing, "accounts", "/security"), addressing);
	const back = (parameters: Record<string, string | undefined>) =>
		seeOther(pageAddress(addressing, "/security/prove", { ...parameters, redirect_to: target }));
	const person = await freshPerson(context, form.cookieHeader);
	if (person.state !== "signedIn") {
		return back(person.state === "unavailable" ? { error: "unavailable" } : {});
	}
	const { user, accessToken } = person.session;
	const attempt = await guardAttempt(context, "secondFactor", user.id, request.headers);
	if (!attempt.ok) {
		return back({ error: attempt.error, wait: attempt.wait });
	}
	const verdict = await isRight(context, user, accessToken, form.text("code"));
	if (verdict !== true) {
		return back({ error: verdict === "unavailable" ? "unavailable" : "code_wrong" });
	}
	await attempt.giveBack();
	return seeOther(target, person.setCookies);
}
