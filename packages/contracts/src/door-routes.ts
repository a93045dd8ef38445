import { daemonSocketProtocol } from "./daemon-protocol.ts";
import { chatSocketProtocol, linkPath, linkProtocol, peersPath } from "./reach.ts";
import { type HostRole, hostRoles, roleAllows } from "./roles.ts";

/** Methods that the door forwards. */
export type DoorMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Who answers behind the door: the inference server, the daemon beside it, a joined device's daemon, or the door itself. */
export type DoorTarget = "lmx" | "daemon" | "peer" | "door";

/** What routes and WebSockets of the tunnel door have in common. */
interface DoorPlace {
	/** A part that begins with a colon stands for a name: letters, digits, dots, dashes and underscores. `*` at the end stands for one to six of them. */
	readonly path: string;
	readonly minimumRole: HostRole;
	readonly target: DoorTarget;
}

/** A route that the tunnel door answers, and the least role that opens it; it needs a pass. */
export interface DoorRoute extends DoorPlace {
	readonly method: DoorMethod;
}

/** The opening of a WebSocket at the tunnel door, and the least role that opens it; it needs a ticket. */
export interface DoorSocket extends DoorPlace {
	/** The sub-protocol that is spoken there: offered beside the ticket, and the one that is chosen. */
	readonly protocol: string;
}

function routes(target: DoorTarget, minimumRole: HostRole, method: DoorMethod, ...paths: readonly string[]): readonly DoorRoute[] {
	return paths.map((path) => ({ method, path, minimumRole, target }));
}

function lmx(minimumRole: HostRole, method: DoorMethod, ...paths: readonly string[]): readonly DoorRoute[] {
	return routes("lmx", minimumRole, method, ...paths);
}

const jobKinds = ["/admin/downloads", "/admin/quantize", "/admin/bench"] as const;
const daemonMethods = ["GET", "POST", "PATCH", "DELETE"] as const;
const peer = `${peersPath}/:deviceId`;

/**
 * Every route of the door: viewers look, users ask models, operators change the host. To a daemon any member may speak:
 * the daemon itself lets its owner in, by a pass for its device, and nobody else. What is not here is refused:
 * `/metrics`, `/openapi.json` and `/docs` are for the host's own network.
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
	...routes("door", "viewer", "GET", peersPath, "/admin/doctor"),
	...daemonMethods.flatMap((method) => routes("peer", "viewer", method, `${peer}/v3/*`)),
	...daemonMethods.flatMap((method) => routes("daemon", "viewer", method, "/v3/*")),
	...routes("daemon", "viewer", "POST", "/v1/chat"),
];

/** Every WebSocket of the door. */
export const doorSockets: readonly DoorSocket[] = [
	{ path: "/v1/chat/stream", minimumRole: "user", target: "lmx", protocol: chatSocketProtocol },
	{ path: linkPath, minimumRole: "viewer", target: "door", protocol: linkProtocol },
	{ path: `${peer}/v3/ws`, minimumRole: "viewer", target: "peer", protocol: daemonSocketProtocol },
	{ path: "/v3/ws", minimumRole: "viewer", target: "daemon", protocol: daemonSocketProtocol },
];

/** Names begin with a letter or digit, so that none is `.` or `..`; nothing is decoded. */
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const mostFreeParts = 6;

function matches(pattern: string, path: string): boolean {
	const wanted = pattern.split("/");
	const parts = path.split("/");
	const isOpen = wanted.at(-1) === "*";
	const fixed = isOpen ? wanted.slice(0, -1) : wanted;
	const free = parts.slice(fixed.length);
	const lengthFits = isOpen ? free.length > 0 && free.length <= mostFreeParts : free.length === 0;
	return (
		lengthFits &&
		fixed.every((part, index) => (part.startsWith(":") ? namePattern.test(parts[index] ?? "") : part === parts[index])) &&
		free.every((part) => namePattern.test(part))
	);
}

/** Finds the route of a request by method and path, which is compared undecoded. A route without names comes before one with. */
export function findDoorRoute(method: string, path: string): DoorRoute | undefined {
	const found = doorRoutes.filter((route) => route.method === method && matches(route.path, path));
	return found.find((route) => route.path === path) ?? found[0];
}

/** Finds a WebSocket by its path, which is compared undecoded. */
export function findDoorSocket(path: string): DoorSocket | undefined {
	return doorSockets.find((socket) => matches(socket.path, path));
}

/** The roles that may use a route. */
export function rolesOfRoute(route: DoorPlace): readonly HostRole[] {
	return hostRoles.filter((role) => roleAllows(role, route.minimumRole));
}
