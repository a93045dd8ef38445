import type { PassCache } from "@opta/auth/pass-cache";
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

/** Whose passes, for which host, and for which device of theirs behind it, if one is asked. */
export interface PassesWanted {
	readonly accessToken: string;
	readonly hostId: string;
	readonly deviceId: string | null;
}

/** The person's passes for a host and for a device behind it. */
export async function passesFor(fetchPass: PassCache, { accessToken, hostId, deviceId }: PassesWanted): Promise<PassesFor> {
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
