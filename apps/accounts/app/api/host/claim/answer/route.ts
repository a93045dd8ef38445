import { answerHostClaim } from "../../../../../claim/answer-host-claim.ts";
import { accountsContext } from "../../../../../env.ts";

export function POST(request: Request): Promise<Response> {
	return answerHostClaim(accountsContext(), request);
}
