import { issueDeviceToken } from "../../../../devices/issue-device-token.ts";
import { accountsContext } from "../../../../env.ts";

export function POST(request: Request): Promise<Response> {
	return issueDeviceToken(accountsContext(), request);
}
