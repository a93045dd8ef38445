import { accountsContext } from "../../../env.ts";
import { issuePass } from "../../../passes/issue-pass.ts";

export function POST(request: Request): Promise<Response> {
	return issuePass(accountsContext(), request);
}
