import { type HostRole, hostRoles, roleAllows } from "./roles.ts";

/** A route that the tunnel door forwards, and the least role that opens it. */
export interface DoorRoute {
	readonly method: "GET" | "POST";
	readonly path: string;
	readonly minimumRole: HostRole;
	readonly target: "lmx";
}

/** Every route of the door. What is not here is refused. */
export const doorRoutes: readonly DoorRoute[] = [
	{ method: "GET", path: "/healthz", minimumRole: "viewer", target: "lmx" },
	{ method: "GET", path: "/readyz", minimumRole: "viewer", target: "lmx" },
	{ method: "GET", path: "/v1/models", minimumRole: "viewer", target: "lmx" },
	{ method: "GET", path: "/admin/status", minimumRole: "viewer", target: "lmx" },
	{ method: "POST", path: "/v1/chat/completions", minimumRole: "user", target: "lmx" },
];

/** Finds the route of a request by exact method and path; the path is compared undecoded. */
export function findDoorRoute(method: string, path: string): DoorRoute | undefined {
	return doorRoutes.find((route) => route.method === method && route.path === path);
}

/** The roles that may use a route. */
export function rolesOfRoute(route: DoorRoute): readonly HostRole[] {
	return hostRoles.filter((role) => roleAllows(role, route.minimumRole));
}
