import { answerUserCode } from "../../../../devices/answer-user-code.ts";
import { accountsContext } from "../../../../env.ts";

export function POST(request: Request): Promise<Response> {
	return answerUserCode(accountsContext(), request);
}
