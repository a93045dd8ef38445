import { accountsContext } from "../../../env.ts";
import { changeEmail } from "../../../security/change-email.ts";

export function POST(request: Request): Promise<Response> {
	return changeEmail(accountsContext(), request);
}
