import { accountsContext } from "../../../env.ts";
import { rename } from "../../../forms/rename.ts";

export function POST(request: Request): Promise<Response> {
	return rename(accountsContext(), request);
}
