import { accountsContext } from "../../../../env.ts";
import { listDeviceHosts } from "../../../../presence/list-device-hosts.ts";

export function GET(request: Request): Promise<Response> {
	return listDeviceHosts(accountsContext(), request);
}
