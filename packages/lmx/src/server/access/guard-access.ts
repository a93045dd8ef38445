import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sendError } from "../send-error.ts";
import { levelOf, refusalOf } from "./decide-access.ts";
import { isOwnHost, isOwnOrigin } from "./host-guard.ts";
import { type KeyRing, presentedKey } from "./key-ring.ts";
import { addressKey, isLocalPeer } from "./peer.ts";
import { WrongKeys } from "./wrong-keys.ts";

/** Who may do what, as the configuration says now. */
export interface AccessRules {
	readonly keys: KeyRing;
	/** The admin API has no key on the LAN. */
	readonly isAdminOpen: boolean;
	/** Names besides its own that LMX answers to. */
	readonly allowedHosts: readonly string[];
	/** Origins of pages that may call LMX, compared exactly. */
	readonly corsOrigins: readonly string[];
}

const corsMaxAgeSeconds = 600;
const corsMethods = "GET, POST, PUT, DELETE";
const corsHeaders = [
	"accept",
	"anthropic-version",
	"authorization",
	"content-type",
	"last-event-id",
	"x-api-key",
	"x-opta-priority",
	"x-request-id",
].join(", ");

const clientNames = new WeakMap<FastifyRequest, string>();

/** Who asks, for fairness and logs: the name of the key, else the user whom the tunnel door vouches for, else the address. */
export function clientOf(request: FastifyRequest): string {
	return clientNames.get(request) ?? request.ip;
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
	return method === "OPTIONS" && headers["access-control-request-method"] !== undefined;
}

/** Lets a page read the answer (WHATWG Fetch, 3.2). LMX has no cookies, so credentials are never part of it. */
function shareWith(origin: string, reply: FastifyReply): void {
	reply.header("access-control-allow-origin", origin);
	reply.header("access-control-expose-headers", "retry-after, x-request-id");
}

/**
 * Checks every request before anything of it is read: that it was sent to this host, which page sent it, and
 * whether its key opens the route. Trust comes from the two ends of the connection, never from a header.
 */
export function guardAccess(app: FastifyInstance, rules: () => AccessRules): void {
	const wrongKeys = new WrongKeys();

	app.addHook("onRequest", async (request, reply) => {
		const { keys, isAdminOpen, allowedHosts, corsOrigins } = rules();
		const { host, origin } = request.headers;
		const isForeignPage = !isOwnOrigin({ host, origin });
		reply.header("vary", "origin");
		if (!isOwnHost(host, allowedHosts) || (isForeignPage && !corsOrigins.includes(origin ?? ""))) {
			const message =
				"LMX answers only to its own address and its own pages. Names can be added with --allowed-hosts, pages with corsOrigins in config.yaml.";
			return sendError(reply, { code: "foreign_origin", message });
		}
		if (isForeignPage && origin !== undefined) {
			shareWith(origin, reply);
			if (isPreflight(request)) {
				return reply
					.header("access-control-allow-methods", corsMethods)
					.header("access-control-allow-headers", corsHeaders)
					.header("access-control-max-age", corsMaxAgeSeconds)
					.code(204)
					.send();
			}
		}

		const isLocal = isLocalPeer(request.socket);
		const question = {
			level: request.is404 ? ("open" as const) : levelOf(request.routeOptions.url ?? ""),
			isLocal,
			isForeignPage,
			needsClientKey: keys.hasClientKeys,
			isAdminOpen,
		};
		const key = presentedKey(request.headers);
		const mustHaveKey = refusalOf({ ...question, owner: null }) !== null;
		const client = addressKey(request.socket.remoteAddress);
		const blockedMs = mustHaveKey && key !== null ? wrongKeys.blockedForMs(client, performance.now()) : null;
		if (blockedMs !== null) {
			reply.header("retry-after", Math.ceil(blockedMs / 1000));
			return sendError(reply, {
				code: "rate_limited",
				message: "Too many wrong keys came from this address. Wait a minute, then send the right one.",
			});
		}
		const owner = key === null ? null : keys.find(key);
		if (mustHaveKey && key !== null && owner === null) {
			wrongKeys.add(client, performance.now());
			request.log.warn({ client }, "a wrong key");
		}
		const refusal = refusalOf({ ...question, owner });
		if (refusal !== null) {
			if (refusal.code === "unauthenticated") {
				reply.header("www-authenticate", 'Bearer realm="opta-lmx"');
			}
			return sendError(reply, refusal);
		}
		const user = isLocal ? request.headers["x-opta-user-id"] : undefined;
		const name = owner?.kind === "client" ? `key:${owner.name}` : typeof user === "string" ? `user:${user}` : undefined;
		if (name !== undefined) {
			clientNames.set(request, name);
		}
	});
}
