import { accountsContext } from "../../../env.ts";
import { resendMail } from "../../../forms/resend-mail.ts";

export function POST(request: Request): Promise<Response> {
	return resendMail(accountsContext(), request);
}
