import { accountsContext } from "../../../../../env.ts";
import { removeTotp } from "../../../../../second-factor/manage-totp.ts";

export function POST(request: Request): Promise<Response> {
	return removeTotp(accountsContext(), request);
}
