import { accountsContext } from "../../../env.ts";
import { requestRecovery } from "../../../forms/request-recovery.ts";

export function POST(request: Request): Promise<Response> {
	return requestRecovery(accountsContext(), request);
}
