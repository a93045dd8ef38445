import { daemonHeaders } from "@opta/contracts/daemon-protocol";
import type { DaemonClient, DaemonClientOptions } from "./daemon-client.ts";
import { createDaemonRequest } from "./daemon-request.ts";
import { followSession } from "./follow-session.ts";
import { followSessions } from "./follow-sessions.ts";

/** Compacting and pulling wait for a model or for accounts. */
const longTimeoutMs = 10 * 60_000;

/** A client for the daemon behind `baseUrl`; works in browsers and in Node. */
export function createDaemonClient(options: DaemonClientOptions): DaemonClient {
	const request = createDaemonRequest(options);
	const at = (sessionId: string, rest = ""): string => `/v3/sessions/${encodeURIComponent(sessionId)}${rest}`;
	const post = (body: unknown = {}) => ({ method: "POST", body }) as const;

	const client: DaemonClient = {
		clientId: options.clientId,
		health: (signal) => request.json("/v3/health", { signal, timeoutMs: 5000 }),
		status: (signal) => request.json("/v3/status", { signal }),
		listSessions: (query = {}) => request.json("/v3/sessions", { query }),
		createSession: (body) => request.json("/v3/sessions", post(body)),
		readSession: (sessionId) => request.json(at(sessionId)),
		updateSession: (sessionId, body) => request.json(at(sessionId), { method: "PATCH", body }),
		deleteSession: (sessionId) => request.json(at(sessionId), { method: "DELETE" }),
		restoreSession: (sessionId) => request.json(at(sessionId, "/restore"), post()),
		forkSession: (sessionId, body) => request.json(at(sessionId, "/fork"), post(body)),
		rewindSession: (sessionId, body) => request.json(at(sessionId, "/rewind"), post(body)),
		compactSession: (sessionId) => request.json(at(sessionId, "/compact"), { ...post(), timeoutMs: longTimeoutMs }),
		exportSession: (sessionId, format) => request.text(at(sessionId, "/export"), { query: { format } }),
		importSession: (file) => request.json("/v3/sessions/import", { ...post(file), timeoutMs: longTimeoutMs }),
		sessionDiff: (sessionId) => request.text(at(sessionId, "/diff")),
		createTurn: (sessionId, body, idempotencyKey) =>
			request.json(at(sessionId, "/turns"), { ...post(body), headers: { [daemonHeaders.idempotencyKey]: idempotencyKey } }),
		cancel: (sessionId, turnId) => request.json(at(sessionId, "/cancel"), post(turnId === undefined ? {} : { turnId })),
		listEvents: (sessionId, after, limit) => request.json(at(sessionId, "/events"), { query: { after, limit } }),
		followSession: (sessionId, follower, signal) =>
			followSession({ sessionId, follower, signal, options, request, readSnapshot: client.readSession }),
		followSessions: (onChange, signal) => followSessions(options, onChange, signal),
		listPermissions: (sessionId) => request.json("/v3/permissions", { query: { sessionId } }),
		answerPermission: (answer) => request.json("/v3/permissions", post(answer)),
		tools: () => request.json("/v3/tools"),
		models: () => request.json("/v3/models"),
		readConfig: () => request.json("/v3/config"),
		patchConfig: (change) => request.json("/v3/config", { method: "PATCH", body: change }),
		createPairCode: () => request.json("/v3/pair/code", post()),
		listClients: () => request.json("/v3/clients"),
		revokeClient: (clientId) => request.json(`/v3/clients/${encodeURIComponent(clientId)}`, { method: "DELETE" }),
		pullVault: (body) => request.json("/v3/vault/pull", { ...post(body), timeoutMs: longTimeoutMs }),
		shutdown: (body) => request.json("/v3/shutdown", post(body)),
	};
	return client;
}
