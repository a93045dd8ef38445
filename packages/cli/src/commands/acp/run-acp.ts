import { Readable, Writable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { ndJsonStream } from "@agentclientprotocol/sdk";
import { connectDaemon } from "../../daemon/connect-daemon.ts";
import { sessionEnvironment } from "../../daemon/session-environment.ts";
import type { CommandRun } from "../../program/command-spec.ts";
import { createAcpAgent } from "./create-acp-agent.ts";

/** Serves one editor over stdin and stdout until it goes. */
export const runAcp: CommandRun = async ({ context }) => {
	const { client } = await connectDaemon(context);
	const input = Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>;
	const stream = ndJsonStream(Writable.toWeb(process.stdout), input as Parameters<typeof ndJsonStream>[1]);
	const connection = createAcpAgent(client, sessionEnvironment(context.environment), context.output.note).connect(stream);
	const leave = (): void => connection.close();
	context.signal.addEventListener("abort", leave, { once: true });
	await connection.closed;
	return context.signal.aborted ? "interrupted" : "ok";
};
