import "server-only";
import { fetchPass } from "@opta/auth/fetch-pass";
import type { ErrorBody } from "@opta/contracts/error-body";
import type { DoorPasses } from "./door-headers.ts";

/** Passes of a request, or why accounts gave one of them to nobody. */
export type PassesFor =
	| {
			readonly ok: true;
			readonly passes: DoorPasses;
			/** They were not taken: the next request fetches new ones. */
			readonly forget: () => Promise<void>;
	  }
	| { readonly ok: false; readonly status: number; readonly body: ErrorBody };

/** The person's passes for a host and, where one is asked, for a device of theirs behind it. */
export async function passesFor(accessToken: string, hostId: string, deviceId: string | null): Promise<PassesFor> {
	const [host, device] = await Promise.all([
		fetchPass(accessToken, { hostId }),
		deviceId === null ? null : fetchPass(accessToken, { deviceId }),
	]);
	if (!host.ok) {
		return host;
	}
	if (device !== null && !device.ok) {
		return device;
	}
	return {
		ok: true,
		passes: { host: host.pass, device: device?.pass ?? null },
		async forget() {
			await fetchPass.forget(accessToken, { hostId }, host.pass);
			if (deviceId !== null && device !== null) {
				await fetchPass.forget(accessToken, { deviceId }, device.pass);
			}
		},
	};
}
