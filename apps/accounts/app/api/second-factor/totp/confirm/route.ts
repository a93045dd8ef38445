import { accountsContext } from "../../../../../env.ts";
import { confirmTotp } from "../../../../../second-factor/manage-totp.ts";

export function POST(request: Request): Promise<Response> {
	return confirmTotp(accountsContext(), request);
}
