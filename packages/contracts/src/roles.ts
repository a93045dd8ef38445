/** What a member may do on a host, from least to most. */
export const hostRoles = ["viewer", "user", "operator", "owner"] as const;

/** One of the roles a member of a host can have. */
export type HostRole = (typeof hostRoles)[number];

/** True when `role` may do what `required` may do. */
export function roleAllows(role: HostRole, required: HostRole): boolean {
	return hostRoles.indexOf(role) >= hostRoles.indexOf(required);
}
