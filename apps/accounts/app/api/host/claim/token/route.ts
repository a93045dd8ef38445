import { issueHostIdentity } from "../../../../../claim/issue-host-identity.ts";
import { accountsContext } from "../../../../../env.ts";

export function POST(request: Request): Promise<Response> {
	return issueHostIdentity(accountsContext(), request);
}
