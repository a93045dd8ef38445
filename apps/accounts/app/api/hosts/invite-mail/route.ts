import { accountsContext } from "../../../../env.ts";
import { makeInviteByMail } from "../../../../hosts/make-invite.ts";

export function POST(request: Request): Promise<Response> {
	return makeInviteByMail(accountsContext(), request);
}
