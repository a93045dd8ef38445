import { exportSecurityLog } from "../../../data/export-account.ts";
import { accountsContext } from "../../../env.ts";

export function GET(request: Request): Promise<Response> {
	return exportSecurityLog(accountsContext(), request);
}
