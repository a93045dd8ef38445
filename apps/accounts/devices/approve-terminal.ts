import { randomBytes } from "node:crypto";
import { cliPageQuerySchema } from "@opta/contracts/schema/device-sign-in";
import type { AccountsContext } from "../accounts-context.ts";
import { pageAddress } from "../forms/page-address.ts";
import { readPostedForm } from "../forms/posted-form.ts";
import { needsProof, readSecondFactors } from "../second-factor/read-second-factors.ts";
import { seeOther } from "../session/response.ts";
import { keepApproval } from "./approval-cookie.ts";
import { freshPerson } from "./fresh-person.ts";
import { hashOf } from "./issue-device-token.ts";

const fields = ["challenge", "state", "port", "key", "name", "kind"] as const;

/**
 * `POST /api/cli/approve`: the fields of the approve page. The person approved a terminal; a code of one minute is made for
 * it. Nothing is approved by a link: this takes a form of our own page and a session that the back end confirms.
 */
export async function approveTerminal(context: AccountsContext, request: Request): Promise<Response> {
	const { addressing } = context.configuration;
	const form = await readPostedForm(addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const given = Object.fromEntries(fields.map((field) => [field, form.text(field)] as const).filter(([, value]) => value !== ""));
	const back = (error: string) => seeOther(pageAddress(addressing, "/cli", { ...given, error }));
	const parsed = cliPageQuerySchema.safeParse(given);
	if (!parsed.success) {
		return seeOther(pageAddress(addressing, "/cli"));
	}
	const query = parsed.data;
	if (form.text("decision") !== "approve") {
		return seeOther(pageAddress(addressing, "/cli", { refused: "1" }));
	}
	const person = await freshPerson(context, form.cookieHeader);
	if (person.state !== "signedIn") {
		return person.state === "unavailable" ? back("unavailable") : seeOther(pageAddress(addressing, "/cli", given));
	}
	const factors = await readSecondFactors(context, person.session);
	if (factors === null) {
		return back("unavailable");
	}
	if (needsProof(factors)) {
		return seeOther(pageAddress(addressing, "/security/prove", { redirect_to: pageAddress(addressing, "/cli", given) }), person.setCookies);
	}
	const code = randomBytes(32).toString("base64url");
	const approved = await context.portal.call(
		"approve_device_sign_in",
		{ code_hash: hashOf(code), challenge: query.challenge, key_thumbprint: query.key, device_name: query.name, device_kind: query.kind },
		person.session.accessToken,
	);
	if (approved.state !== "ok") {
		return back("unavailable");
	}
	const cookie = keepApproval({ code, state: query.state, port: query.port ?? null, name: query.name });
	return seeOther(pageAddress(addressing, "/cli/approved"), [...person.setCookies, cookie]);
}
