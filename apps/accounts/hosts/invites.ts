import type { SignedInSession } from "@opta/auth/session";
import type { hostRoles } from "@opta/contracts/roles";
import { z } from "zod";
import { databaseTime } from "../account/database-time.ts";
import type { Read } from "../account/read.ts";
import type { AccountsContext } from "../accounts-context.ts";
import { readRows } from "./read-rows.ts";

/** Roles that somebody can be invited with; the owner hands a host over instead. */
export const invitedRoles = ["viewer", "user", "operator"] as const satisfies readonly (typeof hostRoles)[number][];

/** One of these. */
export type InvitedRole = (typeof invitedRoles)[number];

/** Reads a role from a form; null for anything else. */
export function readInvitedRole(value: string): InvitedRole | null {
	return invitedRoles.find((role) => role === value) ?? null;
}

const common = {
	host_name: z.string(),
	role: z.enum(invitedRoles),
	invited_by: z.string(),
	invited_by_email: z.string(),
	expires_at: z.string(),
};
const waitingRow = z.object({ id: z.uuid(), ...common });
const linkRow = z.object({ is_member: z.boolean(), ...common });
const openRow = z.object({
	id: z.uuid(),
	host_id: z.uuid(),
	role: z.enum(invitedRoles),
	email: z.string().nullable(),
	invited_by: z.string(),
	created_at: z.string(),
	expires_at: z.string(),
});

/** What somebody who is invited is told. */
export interface Invitation {
	readonly hostName: string;
	readonly role: InvitedRole;
	readonly invitedBy: string;
	readonly invitedByEmail: string;
	readonly expiresAt: Date;
}

/** An invitation that waits for a person's address. */
export interface WaitingInvite extends Invitation {
	readonly id: string;
}

/** An invitation that its owner can still withdraw. */
export interface OpenInvite {
	readonly id: string;
	readonly hostId: string;
	readonly role: InvitedRole;
	/** Null: a link. */
	readonly email: string | null;
	readonly invitedBy: string;
	readonly madeAt: Date;
	readonly expiresAt: Date;
}

function toInvitation(row: Omit<z.infer<typeof waitingRow>, "id">): Invitation {
	const { host_name: hostName, role, invited_by: invitedBy, invited_by_email: invitedByEmail } = row;
	return { hostName, role, invitedBy, invitedByEmail, expiresAt: databaseTime(row.expires_at) };
}

/** The invitations that wait for the person's proved address. */
export async function readWaitingInvites(
	context: Pick<AccountsContext, "portal">,
	session: Pick<SignedInSession, "accessToken">,
): Promise<Read<readonly WaitingInvite[]>> {
	const rows = await readRows(context, session, "list_own_invites", {}, waitingRow);
	return rows.state === "ok" ? { state: "ok", value: rows.value.map(({ id, ...row }) => ({ id, ...toInvitation(row) })) } : rows;
}

/** The open invitations to the person's own hosts, or to one of them. */
export async function readOpenInvites(
	context: Pick<AccountsContext, "portal">,
	session: Pick<SignedInSession, "accessToken">,
	hostId?: string,
): Promise<Read<readonly OpenInvite[]>> {
	const rows = await readRows(context, session, "list_host_invites", hostId === undefined ? {} : { of_host: hostId }, openRow);
	return rows.state === "ok"
		? {
				state: "ok",
				value: rows.value.map(({ id, host_id: hostId, role, email, invited_by: invitedBy, ...times }) => ({
					...{ id, hostId, role, email, invitedBy },
					...{ madeAt: databaseTime(times.created_at), expiresAt: databaseTime(times.expires_at) },
				})),
			}
		: rows;
}

/** The invitation that a link's secret opens, by the secret's hash; null for one that is unknown, answered, withdrawn or over. */
export async function readLinkInvite(
	context: Pick<AccountsContext, "portal">,
	session: Pick<SignedInSession, "accessToken">,
	secretHash: string,
): Promise<Read<(Invitation & { readonly isMember: boolean }) | null>> {
	const rows = await readRows(context, session, "find_host_invite", { secret_hash: secretHash }, linkRow);
	if (rows.state !== "ok") {
		return rows;
	}
	const [row] = rows.value;
	return { state: "ok", value: row === undefined ? null : { ...toInvitation(row), isMember: row.is_member } };
}
