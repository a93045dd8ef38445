import { type IncomingMessage, request } from "node:http";
import type { Duplex } from "node:stream";
import { endConnection } from "../door/end-connection.ts";
import { type JoinedStreams, type JoinLimits, joinStreams } from "./join-streams.ts";
import { responseHead } from "./response-head.ts";
import { clientHeaders } from "./response-headers.ts";
import type { Target } from "./target.ts";

/** The opening of a WebSocket that the door admitted. */
export interface ForwardedUpgrade {
	/** The client's connection, and what it sent behind the head. */
	readonly client: Duplex;
	readonly clientHead: Buffer;
	/** As the target is asked for it. */
	readonly path: string;
	/** Of the client (RFC 6455 §4.1). */
	readonly key: string;
	/** Sub-protocols for the target. */
	readonly protocols: readonly string[];
	/** Further headers for the target. */
	readonly headers: Readonly<Record<string, string>>;
	readonly requestId: string;
	readonly upgradeTimeoutMs: number;
	readonly limits: JoinLimits;
}

/** How it ended: bytes went through; the target refused, and the client has its answer; or nobody answered yet. */
export type UpgradeOutcome =
	| ({ readonly state: "closed" } & JoinedStreams)
	| { readonly state: "refused"; readonly status: number }
	| { readonly state: "unreachable"; readonly reason: string };

/** Longest refusal of a target that is passed on. */
const maxRefusalBytes = 16_384;

async function readRefusal(answer: IncomingMessage): Promise<Buffer> {
	const pieces: Buffer[] = [];
	let bytes = 0;
	for await (const piece of answer as AsyncIterable<Buffer>) {
		bytes += piece.length;
		if (bytes > maxRefusalBytes) {
			throw new Error("The refusal is longer than any of ours.");
		}
		pieces.push(piece);
	}
	return Buffer.concat(pieces);
}

/** The answer of the target: a connection that speaks frames from now on, or a refusal. */
type Answer =
	| { readonly answer: IncomingMessage; readonly connection: Duplex; readonly targetHead: Buffer }
	| { readonly answer: IncomingMessage; readonly connection: null };

async function askForUpgrade(target: Target, connection: Duplex, upgrade: ForwardedUpgrade, signal: AbortSignal): Promise<Answer> {
	const outgoing = request({
		createConnection: () => connection,
		path: upgrade.path,
		signal,
		headers: {
			...upgrade.headers,
			host: target.authority,
			connection: "Upgrade",
			upgrade: "websocket",
			"sec-websocket-version": "13",
			"sec-websocket-key": upgrade.key,
			"sec-websocket-protocol": upgrade.protocols.join(", "),
		},
	});
	const upgraded = new Promise<Answer>((resolve, reject) => {
		outgoing.once("upgrade", (answer, opened, targetHead) => resolve({ answer, connection: opened, targetHead }));
		outgoing.once("response", (answer) => resolve({ answer, connection: null }));
		outgoing.on("error", reject);
	});
	outgoing.end();
	return upgraded;
}

/**
 * Opens a WebSocket at the target and joins it with the client's, frame for frame as they come: the target bounds its
 * frames, and neither is read faster than the other reads. Compression is not offered on. No client is answered twice:
 * with `unreachable` nothing was said to it yet.
 */
export async function forwardUpgrade(target: Target, upgrade: ForwardedUpgrade): Promise<UpgradeOutcome> {
	const { client, requestId } = upgrade;
	const connection = target.openConnection();
	const leave = new AbortController();
	const noteLeave = (): void => leave.abort();
	client.once("close", noteLeave);
	try {
		const signal = AbortSignal.any([leave.signal, AbortSignal.timeout(upgrade.upgradeTimeoutMs)]);
		const asked = await askForUpgrade(target, connection, upgrade, signal);
		const { answer } = asked;
		if (asked.connection === null) {
			const body = await readRefusal(answer);
			const headers = { ...clientHeaders(answer.headers, requestId), "content-length": String(body.length), connection: "close" };
			endConnection(client, Buffer.concat([Buffer.from(responseHead(answer.statusCode ?? 502, "Refused", headers)), body]));
			return { state: "refused", status: answer.statusCode ?? 502 };
		}
		const accept = answer.headers["sec-websocket-accept"];
		const protocol = answer.headers["sec-websocket-protocol"];
		const headers = {
			...{ upgrade: "websocket", connection: "Upgrade", "sec-websocket-accept": accept ?? "", "x-request-id": requestId },
			...(protocol === undefined ? {} : { "sec-websocket-protocol": protocol }),
		};
		client.write(responseHead(101, "Switching Protocols", headers));
		client.write(asked.targetHead);
		asked.connection.write(upgrade.clientHead);
		return { state: "closed", ...(await joinStreams(client, asked.connection, upgrade.limits)) };
	} catch (error) {
		return { state: "unreachable", reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
	} finally {
		client.off("close", noteLeave);
		connection.destroy();
	}
}
