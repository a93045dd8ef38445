import { accountsContext } from "../../../../env.ts";
import { changeRole } from "../../../../hosts/manage-members.ts";

export function POST(request: Request): Promise<Response> {
	return changeRole(accountsContext(), request);
}
