import { randomBytes, randomUUIDv7 } from "node:crypto";
import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";
import { hashOf } from "../devices/issue-device-token.ts";
import { guardAttempt } from "../limits/guard-attempt.ts";
import { mailSignInLink } from "../security/send-sign-in-link.ts";
import { askForChange, changeHost, leadBack, readOwnHostForm } from "./host-form.ts";
import { readInvitedRole } from "./invites.ts";
import { dropNewLink, keepNewLink } from "./link-cookies.ts";

const emailSchema = z.email().max(254);

/** Reads who invites to which host with which role, and counts it; answers instead where that is not to be. */
async function readInvitation(context: AccountsContext, request: Request) {
	const posted = await readOwnHostForm(context, request);
	if (!posted.ok) {
		return posted;
	}
	const { form, person } = posted;
	const role = readInvitedRole(form.text("role"));
	if (role === null) {
		return { ok: false, response: form.back({ error: "role_missing" }) } as const;
	}
	const attempt = await guardAttempt(context, "hostInvite", person.session.user.id, request.headers);
	if (!attempt.ok) {
		return { ok: false, response: form.back({ error: attempt.error, wait: attempt.wait }) } as const;
	}
	return { ok: true, form, person, values: { of_host: form.hostId, new_invite: randomUUIDv7(), of_role: role } } as const;
}

/** `POST /api/hosts/invite-link`: fields `host`, `role`. Makes a link that is good once; the host's page shows it once. */
export async function makeInviteLink(context: AccountsContext, request: Request): Promise<Response> {
	const invitation = await readInvitation(context, request);
	if (!invitation.ok) {
		return invitation.response;
	}
	const { form, person, values } = invitation;
	const secret = randomBytes(32).toString("base64url");
	const setCookie = keepNewLink(context.portal.key, person.session.user.id, { hostId: form.hostId, secret });
	return changeHost(
		context,
		form,
		person,
		"make_host_invite",
		{ ...values, secret_hash: hashOf(secret) },
		{ made: { done: "link", setCookie }, full: { error: "invites_full" } },
	);
}

/**
 * `POST /api/hosts/invite-mail`: fields `host`, `role`, `email`. The invitation waits for whoever proves the address; an
 * account that has it is sent a sign-in link, if the limits of those mails allow one more. The answer is the same for every
 * address.
 */
export async function makeInviteByMail(context: AccountsContext, request: Request): Promise<Response> {
	const invitation = await readInvitation(context, request);
	if (!invitation.ok) {
		return invitation.response;
	}
	const { form, person, values } = invitation;
	const email = emailSchema.safeParse(form.text("email").trim()).data;
	if (email === undefined) {
		return form.back({ error: "email_invalid" });
	}
	const answer = await askForChange(context, person, "make_host_invite", { ...values, email });
	if (answer === "made") {
		await mailSignInLink(context, email, request.headers);
	}
	return leadBack(context, form, person, answer, { made: { done: "mail" }, full: { error: "invites_full" } });
}

/** `POST /api/hosts/withdraw`: fields `host`, `invite`. */
export async function withdrawInvite(context: AccountsContext, request: Request): Promise<Response> {
	const posted = await readOwnHostForm(context, request);
	if (!posted.ok) {
		return posted.response;
	}
	const { form, person } = posted;
	const invite = z.uuid().safeParse(form.text("invite")).data;
	if (invite === undefined) {
		return form.back({ error: "invite_over" });
	}
	return changeHost(
		context,
		form,
		person,
		"withdraw_host_invite",
		{ of_invite: invite },
		{ withdrawn: { done: "withdrawn", setCookie: dropNewLink() }, gone: { error: "invite_over" } },
	);
}

/** `POST /api/hosts/link-copied`: field `host`. The owner has taken the new link; it is not shown again. */
export async function forgetNewLink(context: AccountsContext, request: Request): Promise<Response> {
	const posted = await readOwnHostForm(context, request);
	return posted.ok ? posted.form.back({}, [dropNewLink()]) : posted.response;
}
