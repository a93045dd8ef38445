import { accountsContext } from "../../../../env.ts";
import { openInviteLink } from "../../../../hosts/answer-invite.ts";

export function POST(request: Request): Promise<Response> {
	return openInviteLink(accountsContext(), request);
}
