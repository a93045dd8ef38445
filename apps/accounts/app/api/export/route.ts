import { exportAccount } from "../../../data/export-account.ts";
import { accountsContext } from "../../../env.ts";

export function POST(request: Request): Promise<Response> {
	return exportAccount(accountsContext(), request);
}
