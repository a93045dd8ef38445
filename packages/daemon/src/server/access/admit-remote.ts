import type { FastifyReply, FastifyRequest } from "fastify";
import type { OpenUse } from "../../reach/remote-uses.ts";
import type { Caller } from "../../sessions/caller.ts";
import type { Failure, Outcome } from "../../sessions/outcome.ts";
import { nameClient } from "./client-name.ts";
import { type RemoteAccess, refusalFor } from "./remote-access.ts";

/** Account and device of this computer, where somebody is signed in. */
export type AccountOfDevice = () => { readonly userId: string; readonly deviceId: string } | null;

const noPass: Failure = {
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

/** Lets somebody elsewhere in, or says why not. What is done is logged from here to its end. */
export async function admitRemote(
	request: FastifyRequest,
	reply: FastifyReply,
	token: string | null,
	{ remote, account }: { readonly remote: RemoteAccess; readonly account: AccountOfDevice },
): Promise<Outcome<Caller>> {
	const { config, url: route } = request.routeOptions;
	const socket = request.ws ? { path: request.url.split("?")[0] ?? "", origin: request.headers.origin ?? null } : null;
	const signedIn = token !== null && (await remote.admit({ token, socket })) ? account() : null;
	if (signedIn === null) {
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
	return { ok: true, value: caller };
}
