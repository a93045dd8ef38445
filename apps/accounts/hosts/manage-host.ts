import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";
import { longestNameCharacters } from "../forms/name-rules.ts";
import { reauthenticate, refusedBack } from "../security/reauthenticate.ts";
import { changeHost, readHostForm, readOwnHostForm } from "./host-form.ts";
import { readOwnHosts } from "./read-hosts.ts";

/** `POST /api/hosts/rename`: fields `host`, `name`. The owner renames a host. */
export async function renameHost(context: AccountsContext, request: Request): Promise<Response> {
	const posted = await readOwnHostForm(context, request);
	if (!posted.ok) {
		return posted.response;
	}
	const { form, person } = posted;
	const name = form
		.text("name")
		.replace(/\p{Cc}+/gu, " ")
		.trim();
	if (name === "") {
		return form.back({ error: "name_missing" });
	}
	if ([...name].length > longestNameCharacters) {
		return form.back({ error: "name_long" });
	}
	const values = { of_host: form.hostId, new_name: name };
	return changeHost(context, form, person, "rename_host", values, { renamed: { done: "name" } });
}

/** `POST /api/hosts/hand-over`: fields `host`, `member`, `password`. A member becomes the owner, the owner an operator. */
export async function handOverHost(context: AccountsContext, request: Request): Promise<Response> {
	const posted = await readHostForm(context, request);
	if (!posted.ok) {
		return posted.response;
	}
	const { form } = posted;
	const person = await reauthenticate(context, request, form.cookieHeader, form.text("password"));
	if (!person.ok) {
		return refusedBack(context.configuration.addressing, person, `/hosts/${form.hostId}`, { form: "hand-over" });
	}
	const member = z.uuid().safeParse(form.text("member")).data;
	if (member === undefined) {
		return form.back({ error: "member_gone" });
	}
	return changeHost(
		context,
		form,
		person,
		"hand_over_host",
		{ of_host: form.hostId, to_user: member },
		{ handed_over: { done: "handed-over" }, same: { error: "member_gone" }, gone: { error: "member_gone" } },
	);
}

/** `POST /api/hosts/revoke`: fields `host`, `confirm` (the host's name, typed), `password`. Nobody may use the host any more. */
export async function revokeHost(context: AccountsContext, request: Request): Promise<Response> {
	const posted = await readHostForm(context, request);
	if (!posted.ok) {
		return posted.response;
	}
	const { form } = posted;
	const person = await reauthenticate(context, request, form.cookieHeader, form.text("password"));
	if (!person.ok) {
		return refusedBack(context.configuration.addressing, person, `/hosts/${form.hostId}`, { form: "revoke" });
	}
	const hosts = await readOwnHosts(context, person.session);
	if (hosts.state !== "ok") {
		return form.back({ error: "unavailable" });
	}
	if (hosts.value.find(({ id }) => id === form.hostId)?.name !== form.text("confirm").trim()) {
		return form.back({ error: "host_name_differs" });
	}
	const values = { of_host: form.hostId };
	return changeHost(context, form, person, "revoke_host", values, {
		revoked: { done: "revoked", page: "/hosts" },
		local: { error: "host_is_local" },
	});
}
