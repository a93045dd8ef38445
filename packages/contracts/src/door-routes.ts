import { type HostRole, hostRoles, roleAllows } from "./roles.ts";

/** Methods that the door forwards. */
export type DoorMethod = "GET" | "POST" | "PUT" | "DELETE";

/** A route that the tunnel door forwards, and the least role that opens it. */
export interface DoorRoute {
	readonly method: DoorMethod;
	/** A part that begins with a colon stands for a name: letters, digits, dots, dashes and underscores. */
	readonly path: string;
	readonly minimumRole: HostRole;
	readonly target: "lmx";
}

function lmx(minimumRole: HostRole, method: DoorMethod, ...paths: readonly string[]): readonly DoorRoute[] {
	return paths.map((path) => ({ method, path, minimumRole, target: "lmx" }));
}

const jobKinds = ["/admin/downloads", "/admin/quantize", "/admin/bench"] as const;

/**
 * Every route of the door: viewers look, users ask models, operators change the host. What is not here is refused:
 * `/metrics`, `/openapi.json` and `/docs` are for the host's own network, and the WebSocket needs a ticket.
 */
export const doorRoutes: readonly DoorRoute[] = [
	...lmx("viewer", "GET", "/healthz", "/readyz", "/v1/models", "/v1/models/:id"),
	...lmx("viewer", "GET", "/admin/status", "/admin/health", "/admin/models", "/admin/events"),
	...lmx("viewer", "GET", "/admin/presets", "/admin/presets/:name", "/admin/skills"),
	...jobKinds.flatMap((path) => lmx("viewer", "GET", path, `${path}/:id`)),
	...lmx("user", "POST", "/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/rerank"),
	...lmx("user", "POST", "/v1/responses", "/v1/responses/input_tokens", "/v1/messages", "/v1/messages/count_tokens"),
	...lmx("user", "POST", "/tokenize", "/detokenize", "/apply-template"),
	...lmx("user", "GET", "/v1/responses/:id"),
	...lmx("user", "DELETE", "/v1/responses/:id"),
	...lmx("operator", "POST", "/admin/models/load", "/admin/models/unload", "/admin/models/estimate"),
	...lmx("operator", "POST", "/admin/models/download", "/admin/model/download"),
	...lmx("operator", "DELETE", "/admin/models/:id"),
	...jobKinds.flatMap((path) => lmx("operator", "POST", path, `${path}/:id/pause`, `${path}/:id/resume`, `${path}/:id/cancel`)),
	...lmx("operator", "PUT", "/admin/presets/:name"),
	...lmx("operator", "DELETE", "/admin/presets/:name"),
	...lmx("operator", "GET", "/admin/logs"),
	...lmx("operator", "POST", "/admin/config/reload"),
];

/** Names begin with a letter or digit, so that none is `.` or `..`; nothing is decoded. */
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

function matches(pattern: string, path: string): boolean {
	const wanted = pattern.split("/");
	const parts = path.split("/");
	return (
		wanted.length === parts.length &&
		wanted.every((part, index) => (part.startsWith(":") ? namePattern.test(parts[index] ?? "") : part === parts[index]))
	);
}

/** Finds the route of a request by method and path, which is compared undecoded. A route without names comes before one with. */
export function findDoorRoute(method: string, path: string): DoorRoute | undefined {
	const found = doorRoutes.filter((route) => route.method === method && matches(route.path, path));
	return found.find((route) => route.path === path) ?? found[0];
}

/** The roles that may use a route. */
export function rolesOfRoute(route: DoorRoute): readonly HostRole[] {
	return hostRoles.filter((role) => roleAllows(role, route.minimumRole));
}
