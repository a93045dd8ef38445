import { accountsContext } from "../../../../env.ts";
import { statePassKeys } from "../../../../passes/state-pass-keys.ts";

export const dynamic = "force-dynamic";

export function GET(): Promise<Response> {
	return statePassKeys(accountsContext());
}
