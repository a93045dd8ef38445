import { createDataClientFor } from "@opta/auth/data-client";
import type { SignedInSession } from "@opta/auth/session";
import { type HostRole, hostRoles } from "@opta/contracts/roles";
import { z } from "zod";
import { databaseTime } from "../account/database-time.ts";
import { type Read, readFailure } from "../account/read.ts";
import type { AccountsContext } from "../accounts-context.ts";
import { type AddressKind, addressKind } from "./address-kind.ts";
import { type OpenInvite, readOpenInvites } from "./invites.ts";
import { readRows } from "./read-rows.ts";

const hostRow = z.object({
	id: z.uuid(),
	name: z.string(),
	door_url: z.string().nullable(),
	version: z.string().nullable(),
	last_seen_at: z.string().nullable(),
});
const membershipRow = z.object({ host_id: z.uuid(), role: z.enum(hostRoles) });
const memberRow = z.object({
	user_id: z.uuid(),
	name: z.string(),
	email: z.string().nullable(),
	role: z.enum(hostRoles),
	since: z.string(),
	invited_by: z.string().nullable(),
	is_self: z.boolean(),
});

/** A host that a person may use. */
export interface OwnHost {
	readonly id: string;
	readonly name: string;
	readonly role: HostRole;
	readonly version: string | null;
	readonly lastSeenAt: Date | null;
	readonly address: AddressKind;
}

/** A member of a host, as far as the person who asks may see. */
export interface HostMember {
	readonly userId: string;
	readonly name: string;
	/** Shown to the owner, and everybody's own. */
	readonly email: string | null;
	readonly role: HostRole;
	readonly since: Date;
	readonly invitedBy: string | null;
	readonly isSelf: boolean;
}

/** What the page of a host shows. */
export interface HostDetail extends OwnHost {
	readonly members: readonly HostMember[];
	/** Those of its owner; empty for others. */
	readonly invites: readonly OpenInvite[];
}

type Asking = Pick<SignedInSession, "user" | "accessToken">;
type Reading = Pick<AccountsContext, "configuration" | "portal">;

/** Reads the hosts that a person is a member of, by name. An admin may see rows of other hosts too; those are left out. */
export async function readOwnHosts({ configuration }: Reading, { user, accessToken }: Asking): Promise<Read<readonly OwnHost[]>> {
	const data = createDataClientFor(configuration, accessToken);
	const [memberships, hosts] = await Promise.all([
		data.from("host_members").select("host_id,role").eq("user_id", user.id),
		data.from("hosts").select("id,name,door_url,version,last_seen_at"),
	]);
	const failed = readFailure(memberships) ?? readFailure(hosts);
	if (failed !== null) {
		return failed;
	}
	const roles = new Map(
		z
			.array(membershipRow)
			.parse(memberships.data)
			.map(({ host_id, role }) => [host_id, role]),
	);
	const own = z
		.array(hostRow)
		.parse(hosts.data)
		.flatMap(({ id, name, door_url, version, last_seen_at }) => {
			const role = roles.get(id);
			const lastSeenAt = last_seen_at === null ? null : databaseTime(last_seen_at);
			return role === undefined ? [] : [{ id, name, role, version, lastSeenAt, address: addressKind(door_url) }];
		});
	return { state: "ok", value: own.sort((a, b) => a.name.localeCompare(b.name, "en") || a.id.localeCompare(b.id)) };
}

/** Reads one of a person's hosts; null when it is none of theirs. */
export async function readHost(context: Reading, session: Asking, hostId: string): Promise<Read<HostDetail | null>> {
	const [hosts, members, invites] = await Promise.all([
		readOwnHosts(context, session),
		readRows(context, session, "list_host_members", { of_host: hostId }, memberRow),
		readOpenInvites(context, session, hostId),
	]);
	if (hosts.state !== "ok" || members.state !== "ok" || invites.state !== "ok") {
		return [hosts, members, invites].some(({ state }) => state === "sessionEnded") ? { state: "sessionEnded" } : { state: "unavailable" };
	}
	const host = hosts.value.find(({ id }) => id === hostId);
	const shown = members.value.map(({ user_id: userId, name, email, role, since, invited_by: invitedBy, is_self: isSelf }) => ({
		...{ userId, name, email, role, invitedBy, isSelf },
		since: databaseTime(since),
	}));
	return { state: "ok", value: host === undefined ? null : { ...host, members: shown, invites: invites.value } };
}
