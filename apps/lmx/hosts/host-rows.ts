import { type HostSummary, hostSummarySchema } from "@opta/contracts/schema/host";

/** A row of `host_members` as the back end sends it. */
export interface MemberRow {
	readonly host_id: string;
	readonly role: string;
}

/** A row of `hosts` as the back end sends it. */
export interface HostRow {
	readonly id: string;
	readonly name: string;
	readonly last_seen_at: string | null;
}

/**
 * Maps rows to the hosts that a person is a member of, by name. A platform admin sees rows of other hosts too; those
 * give no pass, so they are left out, as are rows that cannot be read.
 */
export function toHostSummaries(members: readonly MemberRow[], hosts: readonly HostRow[]): readonly HostSummary[] {
	const roles = new Map(members.map(({ host_id, role }) => [host_id, role]));
	return hosts
		.map(({ id, name, last_seen_at }) =>
			hostSummarySchema.safeParse({ id, name, role: roles.get(id), lastSeenAt: toRfc3339(last_seen_at) }),
		)
		.flatMap(({ data }) => data ?? [])
		.sort((a, b) => a.name.localeCompare(b.name, "en") || a.id.localeCompare(b.id));
}

/** A time as the wire has it (RFC 3339); Postgres writes `2026-11-21 07:35:57.786+00`. Null for none, or what is no time. */
export function toRfc3339(timestamp: string | null): string | null {
	const timeMs = timestamp === null ? Number.NaN : Date.parse(timestamp);
	return Number.isNaN(timeMs) ? null : new Date(timeMs).toISOString();
}
