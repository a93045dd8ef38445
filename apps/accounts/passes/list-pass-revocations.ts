import { passRevocationsSchema } from "@opta/contracts/schema/pass";
import type { AccountsContext } from "../accounts-context.ts";
import { bearerToken } from "../devices/read-device.ts";
import { accountServiceUnreachable, privateJson, refusal } from "../session/response.ts";
import { type HostVerdict, readHostAssertion } from "./read-host-assertion.ts";

function unknownHost(): Response {
	return refusal(
		"unauthenticated",
		"Send a new assertion, signed with the key of a host that accounts knows; check the clock of the host.",
	);
}

/**
 * `GET /api/pass/revocations`, for hosts: whose passes became worthless in the last hour, because they lost their membership
 * or changed their role at this host, signed out, or ended a session or a device. The host shows that it is one with an
 * assertion signed by its own key, which is taken once.
 */
export async function listPassRevocations(context: Pick<AccountsContext, "portal">, request: Request): Promise<Response> {
	if (request.headers.has("origin")) {
		return refusal("foreign_origin", "Revoked passes are told to hosts, not to pages.");
	}
	const token = bearerToken(request.headers);
	const verdict: HostVerdict = token === undefined ? { state: "none" } : await readHostAssertion(context, token);
	if (verdict.state === "unavailable") {
		return refusal("unavailable", accountServiceUnreachable);
	}
	if (verdict.state !== "host") {
		return unknownHost();
	}
	const answer = await context.portal.call("list_pass_revocations", { of_host: verdict.hostId, assertion_id: verdict.assertionId });
	switch (answer.state) {
		case "refused":
			return unknownHost();
		case "unavailable":
			return refusal("unavailable", accountServiceUnreachable);
		case "ok":
			return privateJson(passRevocationsSchema.parse({ revocations: answer.data }));
	}
}
