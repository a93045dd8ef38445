import { type HostPresenceResponse, hostPresenceSchema } from "@opta/contracts/schema/host-claim";
import type { AccountsContext } from "../accounts-context.ts";
import { readProgramBody } from "../devices/program-request.ts";
import { callingHost, revokedHost, unknownHost } from "../passes/calling-host.ts";
import { accountServiceUnreachable, privateJson, refusal } from "../session/response.ts";

/** `POST /api/host/presence`, for hosts: what runs there and where it is, with an assertion signed by the host's own key. */
export async function notePresence(context: Pick<AccountsContext, "portal">, request: Request): Promise<Response> {
	const body = await readProgramBody(request, hostPresenceSchema);
	if (!body.ok) {
		return body.response;
	}
	const host = await callingHost(context, request);
	if (!host.ok) {
		return host.response;
	}
	const { version, doorUrl, lanUrls } = body.value;
	const answer = await context.portal.call("note_host_presence", {
		of_host: host.hostId,
		assertion_id: host.assertionId,
		version,
		door_url: doorUrl,
		lan_urls: lanUrls,
	});
	switch (answer.state) {
		case "refused":
			return unknownHost();
		case "unavailable":
			return refusal("unavailable", accountServiceUnreachable);
		case "ok": {
			if (typeof answer.data !== "string") {
				return revokedHost();
			}
			const known: HostPresenceResponse = { name: answer.data };
			return privateJson(known);
		}
	}
}
