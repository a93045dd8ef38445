import { requestDeletion } from "../../../../data/delete-account.ts";
import { accountsContext } from "../../../../env.ts";

export function POST(request: Request): Promise<Response> {
	return requestDeletion(accountsContext(), request);
}
