import { deviceProofHeader } from "@opta/contracts/reach";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { OpenUse } from "../../reach/remote-uses.ts";
import type { Caller } from "../../sessions/caller.ts";
import type { Failure, Outcome } from "../../sessions/outcome.ts";
import { nameClient } from "./client-name.ts";
import { type RemoteAccess, type RemoteAdmission, type RemoteProof, refusalFor } from "./remote-access.ts";

/** Account and device of this computer, where somebody is signed in. */
export type AccountOfDevice = () => { readonly userId: string; readonly deviceId: string } | null;

/** Says nothing of what is wrong with the pass or its proof. */
export const noPass: Failure = {
	code: "invalid_pass",
	message: "This request carries no valid pass for this device. Take a new one from accounts.",
};
/** A connection that has not ended by itself, after it was told to, is cut. */
const leaveMs = 1000;

function endWith(use: OpenUse, request: FastifyRequest, reply: FastifyReply): void {
	const connection = request.raw.socket;
	let cut: NodeJS.Timeout | undefined;
	use.ended.addEventListener(
		"abort",
		() => {
			cut = setTimeout(() => connection.destroy(), leaveMs).unref();
		},
		{ once: true },
	);
	const over = request.ws ? connection : reply.raw;
	over.once("close", () => {
		clearTimeout(cut);
		use.finish(reply.raw.headersSent ? reply.raw.statusCode : request.ws ? 101 : null);
	});
}

function proofOf(request: FastifyRequest, token: string): RemoteProof {
	const { origin = null, [deviceProofHeader]: proof } = request.headers;
	const { method, url: target } = request;
	return request.ws
		? { kind: "socket", ticket: token, path: target.split("?")[0] ?? "", origin }
		: { kind: "request", pass: token, proof: typeof proof === "string" ? proof : null, method, target };
}

/** Somebody elsewhere who was let in. */
export interface RemoteCaller extends RemoteAdmission {
	readonly caller: Caller;
}

/** Lets somebody elsewhere in, or says why not. What is done is logged from here to its end. */
export async function admitRemote(
	request: FastifyRequest,
	reply: FastifyReply,
	token: string | null,
	{ remote, account }: { readonly remote: RemoteAccess; readonly account: AccountOfDevice },
): Promise<Outcome<RemoteCaller>> {
	const { config, url: route } = request.routeOptions;
	const admission = token === null ? null : await remote.admit(proofOf(request, token));
	const signedIn = account();
	if (admission === null || signedIn === null) {
		return { ok: false, error: noPass };
	}
	const grants = remote.grants();
	const named = nameClient(request);
	const clientName = `${named.clientName ?? "somebody"} (from elsewhere)`;
	const use = remote.begin(
		{ requestId: request.id, method: request.method, route: route ?? "unknown", clientName },
		config.follows === true,
	);
	endWith(use, request, reply);
	const refusal = request.is404 ? null : refusalFor(config.remote ?? "never", grants);
	if (refusal !== null) {
		return { ok: false, error: refusal };
	}
	const { userId, deviceId } = signedIn;
	const caller: Caller = {
		clientId: named.clientId ?? "unknown",
		clientName,
		userId,
		deviceId,
		ownsDevice: true,
		remote: { grants, ended: use.ended },
	};
	return { ok: true, value: { caller, ...admission } };
}
