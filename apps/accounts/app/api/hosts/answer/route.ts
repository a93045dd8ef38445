import { accountsContext } from "../../../../env.ts";
import { answerInvite } from "../../../../hosts/answer-invite.ts";

export function POST(request: Request): Promise<Response> {
	return answerInvite(accountsContext(), request);
}
