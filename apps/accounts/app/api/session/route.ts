import { accountsContext } from "../../../env.ts";
import { answerSession, answerSessionPreflight } from "../../../session/session-answer.ts";

export function GET(request: Request): Promise<Response> {
	return answerSession(accountsContext(), request);
}

export function OPTIONS(request: Request): Response {
	return answerSessionPreflight(accountsContext(), request);
}
