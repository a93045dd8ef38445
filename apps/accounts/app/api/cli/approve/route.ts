import { approveTerminal } from "../../../../devices/approve-terminal.ts";
import { accountsContext } from "../../../../env.ts";

export function POST(request: Request): Promise<Response> {
	return approveTerminal(accountsContext(), request);
}
