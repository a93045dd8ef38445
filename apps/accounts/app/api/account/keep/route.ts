import { keepAccount } from "../../../../data/delete-account.ts";
import { accountsContext } from "../../../../env.ts";

export function POST(request: Request): Promise<Response> {
	return keepAccount(accountsContext(), request);
}
