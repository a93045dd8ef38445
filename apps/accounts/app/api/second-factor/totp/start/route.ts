import { accountsContext } from "../../../../../env.ts";
import { startTotp } from "../../../../../second-factor/manage-totp.ts";

export function POST(request: Request): Promise<Response> {
	return startTotp(accountsContext(), request);
}
