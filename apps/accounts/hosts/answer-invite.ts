import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";
import { freshPerson } from "../devices/fresh-person.ts";
import { hashOf } from "../devices/issue-device-token.ts";
import { pageAddress } from "../forms/page-address.ts";
import { readPostedForm } from "../forms/posted-form.ts";
import { guardAttempt } from "../limits/guard-attempt.ts";
import { seeOther } from "../session/response.ts";
import { dropHeldLink, holdLink, linkSecretPattern, readHeldLink } from "./link-cookies.ts";

const answerSchema = z
	.tuple([z.object({ outcome: z.enum(["joined", "declined", "member", "over"]), host_id: z.uuid().nullable() })])
	.transform(([row]) => row);

/** `POST /api/hosts/join`: field `secret`, from the fragment of an invitation link. Keeps it in this browser, signed in or not. */
export async function openInviteLink(context: AccountsContext, request: Request): Promise<Response> {
	const { addressing } = context.configuration;
	const form = await readPostedForm(addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const secret = form.text("secret");
	return linkSecretPattern.test(secret)
		? seeOther(pageAddress(addressing, "/hosts/join"), [holdLink(secret)])
		: seeOther(pageAddress(addressing, "/hosts/join", { error: "invite_over" }), [dropHeldLink()]);
}

/**
 * `POST /api/hosts/answer`: fields `decision` (accept, decline) and `invite`, the id of an invitation that waits for the
 * person's address; without it, the answer is to the link that this browser opened.
 */
export async function answerInvite(context: AccountsContext, request: Request): Promise<Response> {
	const { addressing } = context.configuration;
	const form = await readPostedForm(addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const invite = z.uuid().safeParse(form.text("invite")).data;
	const secret = invite === undefined ? readHeldLink(form.cookieHeader) : null;
	const page = invite === undefined ? "/hosts/join" : "/hosts";
	const back = (parameters: Record<string, string | undefined>, setCookies: readonly string[] = []) =>
		seeOther(pageAddress(addressing, page, parameters), setCookies);
	const person = await freshPerson(context, form.cookieHeader);
	if (person.state !== "signedIn") {
		return back(person.state === "unavailable" ? { error: "unavailable" } : {});
	}
	if (invite === undefined && secret === null) {
		return back({ error: "invite_over" });
	}
	const attempt = await guardAttempt(context, "inviteLink", person.session.user.id, request.headers);
	if (!attempt.ok) {
		return back({ error: attempt.error, wait: attempt.wait });
	}
	const accept = form.text("decision") === "accept";
	const which = secret === null ? { of_invite: invite } : { secret_hash: hashOf(secret) };
	const answer = await context.portal.call("answer_host_invite", { accept, ...which }, person.session.accessToken);
	if (answer.state !== "ok") {
		return back({ error: "unavailable" });
	}
	const { outcome, host_id } = answerSchema.parse(answer.data);
	const cookies = secret === null ? person.setCookies : [...person.setCookies, dropHeldLink()];
	switch (outcome) {
		case "joined":
			return seeOther(pageAddress(addressing, `/hosts/${host_id}`, { done: "joined" }), cookies);
		case "member":
			return seeOther(pageAddress(addressing, `/hosts/${host_id}`, { error: "invite_member" }), cookies);
		case "declined":
			return seeOther(pageAddress(addressing, "/hosts", { done: "declined" }), cookies);
		case "over":
			return seeOther(pageAddress(addressing, "/hosts", { error: "invite_over" }), cookies);
	}
}
