import { EventEmitter, on, once } from "node:events";
import { type ClientRequest, createServer, type IncomingMessage, type RequestListener, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { hostAudience } from "@opta/contracts/pass";
import type { PassRevocation } from "@opta/contracts/schema/pass";
import { createPinnedKeys } from "@opta/reach/pass/pinned-keys";
import { createRevokedPasses } from "@opta/reach/pass/revoked-passes";
import { createPassVerifier } from "@opta/reach/pass/verify-pass";
import { createTicketVerifier } from "@opta/reach/pass/verify-ticket";
import { createPassMaker, type PassMaker } from "@opta/reach/testing/pass-maker";
import { pino } from "pino";
import { createDoor, type Door } from "../door/create-door.ts";
import type { DoorLimits } from "../door/door-limits.ts";
import { openPeers } from "../peers/open-peers.ts";

/** A request as the stand-in for LMX received it. */
export interface ReceivedRequest {
	readonly method: string;
	readonly target: string;
	readonly headers: IncomingMessage["headers"];
	readonly rawHeaders: readonly string[];
}

/** What a test sends. Header lists are sent as several lines. */
export interface SentRequest {
	readonly method?: string;
	readonly path?: string;
	readonly pass?: string;
	readonly headers?: Readonly<Record<string, string | readonly string[]>>;
	readonly body?: string;
}

/** An answer, read to its end. */
export interface ReceivedAnswer {
	readonly status: number;
	readonly headers: IncomingMessage["headers"];
	readonly body: string;
}

/** A door on a free port before a stand-in for LMX. */
export interface DoorBench {
	readonly passes: PassMaker;
	readonly doorPort: number;
	readonly received: ReceivedRequest[];
	/** Log lines of the door. */
	readonly logs: Record<string, unknown>[];
	/** The first log line that was not asked for yet. */
	readonly nextLog: () => Promise<Record<string, unknown>>;
	/** Replaces what the stand-in answers. */
	readonly answerWith: (listener: RequestListener) => void;
	/** Opens a request without ending it. */
	readonly open: (sent: SentRequest) => ClientRequest;
	readonly send: (sent: SentRequest) => Promise<ReceivedAnswer>;
	/** What accounts says at the next look; answers how many open requests ended. */
	readonly revoke: (revocations: readonly PassRevocation[]) => number;
	readonly stopTarget: () => Promise<void>;
	readonly close: () => Promise<void>;
}

async function listen(server: Server): Promise<number> {
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return (server.address() as AddressInfo).port;
}

const answerOk: RequestListener = (received, response) => {
	received.resume();
	received.on("end", () => response.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}'));
};

/** Starts a door and its target. */
export async function openDoorBench(
	options: { readonly limits?: Partial<DoorLimits>; readonly allowedHosts?: readonly string[] } = {},
): Promise<DoorBench> {
	const passes = await createPassMaker();
	const received: ReceivedRequest[] = [];
	const logs: Record<string, unknown>[] = [];
	const logged = new EventEmitter();
	const unread = on(logged, "line");
	let listener = answerOk;
	const target = createServer((incoming, response) => {
		const { method = "", url = "", headers, rawHeaders } = incoming;
		received.push({ method, target: url, headers, rawHeaders });
		listener(incoming, response);
	});
	const targetPort = await listen(target);
	const { identity } = passes;
	const revoked = createRevokedPasses();
	const { issuer, hostId, jwks } = identity;
	const keys = createPinnedKeys({
		issuer,
		pinned: jwks.keys,
		fetchStatements: async () => [],
		store: async () => undefined,
		report: () => undefined,
	});
	const trust = { issuer, audience: hostAudience(hostId), keys, revoked };
	const peers = openPeers({ onEnd: () => undefined });
	const door: Door = createDoor({
		identity,
		verify: createPassVerifier(trust),
		verifyTicket: createTicketVerifier(trust),
		verifyAccess: null,
		peers,
		examine: async () => ({ build: "test", at: new Date().toISOString(), checks: [] }),
		daemonUrl: `http://127.0.0.1:${targetPort}`,
		publicHosts: new Set(),
		lmxUrl: `http://127.0.0.1:${targetPort}`,
		allowedHosts: new Set(options.allowedHosts),
		logger: pino(
			{},
			{
				write: (line) => {
					const entry: Record<string, unknown> = JSON.parse(line);
					logs.push(entry);
					logged.emit("line", entry);
				},
			},
		),
		limits: options.limits ?? {},
	});
	const doorPort = await listen(door.server);
	const open = (sent: SentRequest): ClientRequest =>
		request({
			host: "127.0.0.1",
			port: doorPort,
			agent: false,
			method: sent.method ?? "GET",
			path: sent.path ?? "/healthz",
			headers: { ...(sent.pass === undefined ? {} : { authorization: `Bearer ${sent.pass}` }), ...sent.headers } as Record<string, string>,
		});
	const stopTarget = async (): Promise<void> => {
		target.closeAllConnections();
		await new Promise((resolve) => target.close(resolve));
	};
	return {
		passes,
		doorPort,
		received,
		logs,
		nextLog: async () => (await unread.next()).value?.[0],
		answerWith: (next) => {
			listener = next;
		},
		open,
		send: async (sent) => {
			const outgoing = open(sent);
			outgoing.end(sent.body);
			const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
			return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) };
		},
		revoke: (revocations) => {
			revoked.replace(revocations);
			return door.endRevoked(revoked.isRevoked);
		},
		stopTarget,
		close: async () => {
			await door.close(0);
			await stopTarget();
		},
	};
}
