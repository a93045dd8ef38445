import { passRevocationsSchema } from "@opta/contracts/schema/pass";
import type { AccountsContext } from "../accounts-context.ts";
import { accountServiceUnreachable, privateJson, refusal } from "../session/response.ts";
import { callingHost, unknownHost } from "./calling-host.ts";

/**
 * `GET /api/pass/revocations`, for hosts: whose passes became worthless in the last hour, because they lost their membership
 * or changed their role at this host, signed out, or ended a session or a device. The host shows that it is one with an
 * assertion signed by its own key, which is taken once.
 */
export async function listPassRevocations(context: Pick<AccountsContext, "portal">, request: Request): Promise<Response> {
	const host = await callingHost(context, request);
	if (!host.ok) {
		return host.response;
	}
	const answer = await context.portal.call("list_pass_revocations", { of_host: host.hostId, assertion_id: host.assertionId });
	switch (answer.state) {
		case "refused":
			return unknownHost();
		case "unavailable":
			return refusal("unavailable", accountServiceUnreachable);
		case "ok":
			return privateJson(passRevocationsSchema.parse({ revocations: answer.data }));
	}
}
