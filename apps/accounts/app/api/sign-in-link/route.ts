import { accountsContext } from "../../../env.ts";
import { sendSignInLink } from "../../../security/send-sign-in-link.ts";

export function POST(request: Request): Promise<Response> {
	return sendSignInLink(accountsContext(), request);
}
