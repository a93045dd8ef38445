import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";
import { freshPerson } from "../devices/fresh-person.ts";
import { pageAddress } from "../forms/page-address.ts";
import { readPostedForm } from "../forms/posted-form.ts";
import { guardAttempt } from "../limits/guard-attempt.ts";
import { reauthenticate, refusedBack } from "../security/reauthenticate.ts";
import { seeOther } from "../session/response.ts";
import { keepNewCodes } from "./new-codes-cookie.ts";
import { createRecoveryCodes, recoveryCodeHash } from "./recovery-codes.ts";
import { openSecret, sealSecret } from "./seal-secret.ts";
import { createTotpSecret, totpStep } from "./totp.ts";

const rowsSchema = z.array(z.object({ sealed_secret: z.string(), is_confirmed: z.boolean() }));

/** The secret of a person's authenticator app. */
export interface TotpFactor {
	readonly secret: Uint8Array;
	readonly isConfirmed: boolean;
}

/** Reads it; null when there is none, `unavailable` while the back end is away. */
export async function readTotp(context: AccountsContext, userId: string, accessToken: string): Promise<TotpFactor | null | "unavailable"> {
	const answer = await context.portal.call("read_totp", {}, accessToken);
	if (answer.state !== "ok") {
		return "unavailable";
	}
	const [row] = rowsSchema.parse(answer.data);
	const secret = row === undefined ? null : openSecret(context.portal.key, userId, row.sealed_secret);
	return row === undefined || secret === null ? null : { secret, isConfirmed: row.is_confirmed };
}

/** `POST /api/second-factor/totp/start`: field `password`. Makes a secret that counts once a code of it was typed. */
export async function startTotp(context: AccountsContext, request: Request): Promise<Response> {
	const { addressing } = context.configuration;
	const form = await readPostedForm(addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const person = await reauthenticate(context, request, form.cookieHeader, form.text("password"));
	if (!person.ok) {
		return refusedBack(addressing, person, "/security", { form: "factor" });
	}
	const { user, accessToken } = person.session;
	const sealed_secret = sealSecret(context.portal.key, user.id, createTotpSecret());
	const put = await context.portal.call("put_totp", { sealed_secret }, accessToken);
	return put.state === "ok"
		? seeOther(pageAddress(addressing, "/security/authenticator"), person.setCookies)
		: seeOther(pageAddress(addressing, "/security", { error: "unavailable" }));
}

/** `POST /api/second-factor/totp/confirm`: field `code`. The first right code enrols the app and makes recovery codes. */
export async function confirmTotp(context: AccountsContext, request: Request): Promise<Response> {
	const { addressing } = context.configuration;
	const form = await readPostedForm(addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const back = (parameters: Record<string, string | undefined>) => seeOther(pageAddress(addressing, "/security/authenticator", parameters));
	const person = await freshPerson(context, form.cookieHeader);
	if (person.state !== "signedIn") {
		return back(person.state === "unavailable" ? { error: "unavailable" } : {});
	}
	const { user, accessToken } = person.session;
	const attempt = await guardAttempt(context, "secondFactor", user.id, request.headers);
	if (!attempt.ok) {
		return back({ error: attempt.error, wait: attempt.wait });
	}
	const factor = await readTotp(context, user.id, accessToken);
	if (factor === "unavailable" || factor === null) {
		return back({ error: factor === null ? undefined : "unavailable" });
	}
	const step = totpStep(factor.secret, form.text("code"));
	const used = step === null ? null : await context.portal.call("use_totp_step", { step }, accessToken);
	if (used === null || (used.state === "ok" && used.data !== true)) {
		return back({ error: "code_wrong" });
	}
	const codes = createRecoveryCodes();
	const code_hashes = codes.map((code) => recoveryCodeHash(user.id, code));
	const put = used.state === "ok" ? await context.portal.call("put_recovery_codes", { code_hashes }, accessToken) : used;
	if (put.state !== "ok") {
		return back({ error: "unavailable" });
	}
	await attempt.giveBack();
	const cookie = keepNewCodes(context.portal.key, user.id, codes);
	return seeOther(pageAddress(addressing, "/security/recovery-codes"), [...person.setCookies, cookie]);
}

/** `POST /api/second-factor/totp/remove`: field `password`. */
export async function removeTotp(context: AccountsContext, request: Request): Promise<Response> {
	const { addressing } = context.configuration;
	const form = await readPostedForm(addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const person = await reauthenticate(context, request, form.cookieHeader, form.text("password"));
	if (!person.ok) {
		return refusedBack(addressing, person, "/security", { form: "factor" });
	}
	const removed = await context.portal.call("remove_totp", {}, person.session.accessToken);
	return seeOther(
		pageAddress(addressing, "/security", removed.state === "ok" ? { done: "factor-removed" } : { error: "unavailable" }),
		person.setCookies,
	);
}
