import { accountsContext } from "../../../env.ts";
import { changePassword } from "../../../security/change-password.ts";

export function POST(request: Request): Promise<Response> {
	return changePassword(accountsContext(), request);
}
