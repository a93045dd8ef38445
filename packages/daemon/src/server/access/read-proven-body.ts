import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { sendFailure } from "../send-failure.ts";
import { noPass } from "./admit-remote.ts";

/** Reads the body of a request from elsewhere whole, and refuses one that is another than its sender proved. A hook before parsing. */
export async function readProvenBody(request: FastifyRequest, reply: FastifyReply, body: Readable): Promise<Readable | undefined> {
	const { isProvenBody } = request;
	if (isProvenBody === null) {
		return body;
	}
	const limitBytes = request.routeOptions.bodyLimit;
	const pieces: Uint8Array[] = [];
	let bytes = 0;
	for await (const piece of body) {
		bytes += piece.length;
		if (bytes > limitBytes) {
			// What is left of the body would be taken for the next request.
			reply.header("connection", "close");
			throw Object.assign(new Error("The body is too large."), { code: "FST_ERR_CTP_BODY_TOO_LARGE", statusCode: 413 });
		}
		pieces.push(piece);
	}
	const whole = Buffer.concat(pieces);
	if (!isProvenBody(whole)) {
		sendFailure(reply, noPass);
		return undefined;
	}
	return Readable.from(whole.length === 0 ? [] : [whole]);
}
