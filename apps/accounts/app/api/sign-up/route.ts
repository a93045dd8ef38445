import { accountsContext } from "../../../env.ts";
import { signUp } from "../../../forms/sign-up.ts";

export function POST(request: Request): Promise<Response> {
	return signUp(accountsContext(), request);
}
