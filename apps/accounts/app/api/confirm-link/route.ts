import { accountsContext } from "../../../env.ts";
import { confirmLink } from "../../../security/confirm-link.ts";

export function POST(request: Request): Promise<Response> {
	return confirmLink(accountsContext(), request);
}
