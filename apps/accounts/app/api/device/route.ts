import { endOwnDevice, showOwnDevice } from "../../../devices/own-device.ts";
import { accountsContext } from "../../../env.ts";

export function GET(request: Request): Promise<Response> {
	return showOwnDevice(accountsContext(), request);
}

export function DELETE(request: Request): Promise<Response> {
	return endOwnDevice(accountsContext(), request);
}
