import { thumbprintOf } from "@opta/auth/device-credential/device-key";
import { hostClaimPath } from "@opta/contracts/reach";
import { type HostClaimResponse, hostClaimRequestSchema } from "@opta/contracts/schema/host-claim";
import type { AccountsContext } from "../accounts-context.ts";
import { readProgramBody } from "../devices/program-request.ts";
import { startUserCode } from "../devices/start-user-code.ts";
import { privateJson } from "../session/response.ts";
import { refuseOwned } from "./refuse-owned.ts";

/** `POST /api/host/claim`: a code that a person types at `/hosts/claim`, and one that the host polls with. A key that belongs to somebody's host is refused. */
export async function startHostClaim(context: AccountsContext, request: Request): Promise<Response> {
	const body = await readProgramBody(request, hostClaimRequestSchema);
	if (!body.ok) {
		return body.response;
	}
	const { name, version, key } = body.value;
	const asked = { path: hostClaimPath, page: "/hosts/claim", attempt: "hostClaim", keyThumbprint: await thumbprintOf(key) } as const;
	const started = await startUserCode(context, request, asked, ({ pollCodeHash, userCodeHash, place, client }) =>
		context.portal.call("start_host_claim", {
			claim_code_hash: pollCodeHash,
			user_code_hash: userCodeHash,
			host_name: name,
			version,
			public_key: key,
			place,
			client,
		}),
	);
	if (!started.ok) {
		return started.response;
	}
	if (started.data !== true) {
		return refuseOwned();
	}
	const answer: HostClaimResponse = { claimCode: started.pollCode, ...started.shown };
	return privateJson(answer);
}
