import { accountsContext } from "../../../../env.ts";
import { removeMember } from "../../../../hosts/manage-members.ts";

export function POST(request: Request): Promise<Response> {
	return removeMember(accountsContext(), request);
}
