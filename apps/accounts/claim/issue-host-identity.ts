import { readKeyProof } from "@opta/auth/device-credential/key-proof";
import type { ErrorCode } from "@opta/contracts/error-codes";
import { hostClaimTokenPath } from "@opta/contracts/reach";
import { type HostClaimTokenResponse, hostClaimTokenRequestSchema } from "@opta/contracts/schema/host-claim";
import { passKeySchema } from "@opta/contracts/schema/pass";
import { siteOrigin } from "@opta/contracts/site-url";
import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";
import { hashOf } from "../devices/issue-device-token.ts";
import { readProgramBody, routeUrl, tooMany } from "../devices/program-request.ts";
import { clientNetwork } from "../limits/client-address.ts";
import { takeAttempt } from "../limits/take-attempt.ts";
import { revokedHost } from "../passes/calling-host.ts";
import { accountServiceUnreachable, privateJson, refusal } from "../session/response.ts";
import { refuseOwned } from "./refuse-owned.ts";

const rowSchema = z.object({ host_id: z.uuid(), host_name: z.string(), owner_name: z.string() });
const answerSchema = z.array(z.looseObject({ state: z.string() }));

const refused: Readonly<Record<string, readonly [ErrorCode, string]>> = {
	authorization_pending: ["authorization_pending", "Nobody has claimed this host yet; ask again after the interval."],
	slow_down: ["slow_down", "You ask too often; add five seconds to the interval."],
	access_denied: ["access_denied", "The claim of this host was refused. Start again if that was a mistake."],
	expired_token: ["expired_code", "The code is too old; start again."],
};

/**
 * `POST /api/host/claim/token` (RFC 8628 §3.4): whether somebody claimed the host, and then what it keeps of that: its id,
 * its owner, and the public keys of passes. Proved with the host's key; may be repeated, because an answer can be lost.
 */
export async function issueHostIdentity(context: AccountsContext, request: Request): Promise<Response> {
	const body = await readProgramBody(request, hostClaimTokenRequestSchema);
	if (!body.ok) {
		return body.response;
	}
	const { addressing } = context.configuration;
	const { claimCode } = body.value;
	const url = routeUrl(addressing, hostClaimTokenPath);
	const keyThumbprint = await readKeyProof(request.headers.get("dpop"), { method: "POST", url, secret: claimCode });
	if (keyThumbprint === null) {
		return refusal(
			"unauthenticated",
			"The proof of the host's key is missing or not valid. Check the clock of this host, then start again.",
		);
	}
	const place = clientNetwork(request.headers, context.clientAddressHeader);
	const attempt = await takeAttempt(context.portal, "deviceToken", keyThumbprint, place);
	if (attempt.state === "wait") {
		return tooMany(attempt.waitSeconds);
	}
	const answer = await context.portal.call("poll_host_claim", { claim_code_hash: hashOf(claimCode), key_thumbprint: keyThumbprint });
	if (attempt.state === "unavailable" || answer.state !== "ok") {
		return refusal("unavailable", accountServiceUnreachable);
	}
	const [row] = answerSchema.parse(answer.data);
	switch (row?.state) {
		case "claimed": {
			const { host_id, host_name, owner_name } = rowSchema.parse(row);
			const identity: HostClaimTokenResponse = {
				hostId: host_id,
				name: host_name,
				issuer: siteOrigin(addressing, "accounts"),
				jwks: { keys: z.array(passKeySchema).parse(context.signer.jwks.keys) },
				ownerName: owner_name,
			};
			return privateJson(identity);
		}
		case "owned":
			return refuseOwned();
		case "revoked":
			return revokedHost();
		default:
			return refusal(...(refused[row?.state ?? ""] ?? ["invalid_grant", "The code is not that of this host's claim; start again."]));
	}
}
