import { refusal } from "../session/response.ts";

/** What a host is told that somebody owns already, or that somebody else claimed a moment before. */
export function refuseOwned(): Response {
	return refusal(
		"conflict",
		"Somebody owns this host already. Ask its owner to add you, or to revoke it on its page at accounts; then it can be claimed anew.",
	);
}
