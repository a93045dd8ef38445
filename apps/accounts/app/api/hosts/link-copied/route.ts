import { accountsContext } from "../../../../env.ts";
import { forgetNewLink } from "../../../../hosts/make-invite.ts";

export function POST(request: Request): Promise<Response> {
	return forgetNewLink(accountsContext(), request);
}
