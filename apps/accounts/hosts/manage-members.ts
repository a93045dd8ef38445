import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";
import { changeHost, readOwnHostForm } from "./host-form.ts";
import { readInvitedRole } from "./invites.ts";

function readMember(value: string): string | null {
	return z.uuid().safeParse(value).data ?? null;
}

/** `POST /api/hosts/role`: fields `host`, `member`, `role`. The owner gives a member another role. */
export async function changeRole(context: AccountsContext, request: Request): Promise<Response> {
	const posted = await readOwnHostForm(context, request);
	if (!posted.ok) {
		return posted.response;
	}
	const { form, person } = posted;
	const member = readMember(form.text("member"));
	const role = readInvitedRole(form.text("role"));
	if (member === null || role === null) {
		return form.back({ error: role === null ? "role_missing" : "member_gone" });
	}
	return changeHost(
		context,
		form,
		person,
		"change_member_role",
		{ of_host: form.hostId, of_user: member, new_role: role },
		{ changed: { done: "role" }, same: { done: "role" }, owner: { error: "owner_stays" }, gone: { error: "member_gone" } },
	);
}

/** `POST /api/hosts/remove`: fields `host`, `member`. The owner removes a member. */
export async function removeMember(context: AccountsContext, request: Request): Promise<Response> {
	const posted = await readOwnHostForm(context, request);
	if (!posted.ok) {
		return posted.response;
	}
	const { form, person } = posted;
	const member = readMember(form.text("member"));
	if (member === null) {
		return form.back({ error: "member_gone" });
	}
	return changeHost(
		context,
		form,
		person,
		"remove_host_member",
		{ of_host: form.hostId, of_user: member },
		{ removed: { done: "removed" }, owner: { error: "owner_stays" }, gone: { error: "member_gone" } },
	);
}

/** `POST /api/hosts/leave`: field `host`. Anybody but the owner leaves a host. */
export async function leaveHost(context: AccountsContext, request: Request): Promise<Response> {
	const posted = await readOwnHostForm(context, request);
	if (!posted.ok) {
		return posted.response;
	}
	const { form, person } = posted;
	return changeHost(
		context,
		form,
		person,
		"leave_host",
		{ of_host: form.hostId },
		{ left: { done: "left", page: "/hosts" }, owner: { error: "owner_stays" }, gone: { error: "host_gone" } },
	);
}
