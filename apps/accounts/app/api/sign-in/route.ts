import { accountsContext } from "../../../env.ts";
import { signIn } from "../../../forms/sign-in.ts";

export function POST(request: Request): Promise<Response> {
	return signIn(accountsContext(), request);
}
