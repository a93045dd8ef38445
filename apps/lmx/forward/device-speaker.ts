import { createDeviceKey, thumbprintOf } from "@opta/auth/device-credential/device-key";
import { proveRequest } from "@opta/auth/device-credential/request-proof";
import { peersPath } from "@opta/contracts/reach";

/** A request to a person's device, as it goes to the door. */
export interface SpokenRequest {
	readonly deviceId: string;
	readonly method: string;
	/** With its query: `/peers/<deviceId>/v3/…`, or `/v3/…` for the daemon beside the host. */
	readonly path: string;
	readonly pass: string;
}

/** By what this site speaks for people to their devices: passes name its key, and each request is proved with it. */
export interface DeviceSpeaker {
	readonly keyThumbprint: string;
	readonly prove: (request: SpokenRequest, body: Uint8Array) => Promise<string>;
}

/** Makes one with a key of its own, which leaves this process never. */
export async function createDeviceSpeaker(): Promise<DeviceSpeaker> {
	const key = await createDeviceKey();
	return {
		keyThumbprint: await thumbprintOf(key),
		prove({ deviceId, method, path, pass }, body) {
			const toPeer = `${peersPath}/${deviceId}`;
			const target = path.startsWith(`${toPeer}/`) ? path.slice(toPeer.length) : path;
			return proveRequest(key, { deviceId, method, target, pass }, body);
		},
	};
}
