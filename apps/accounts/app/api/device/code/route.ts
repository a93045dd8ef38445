import { startDeviceCode } from "../../../../devices/start-device-code.ts";
import { accountsContext } from "../../../../env.ts";

export function POST(request: Request): Promise<Response> {
	return startDeviceCode(accountsContext(), request);
}
