import type { PassCache } from "@opta/auth/pass-cache";
import type { ErrorBody } from "@opta/contracts/error-body";

/** Passes of a request: for the host, and for the device behind it where one is asked. */
export interface DoorPasses {
	readonly host: string;
	readonly device: { readonly deviceId: string; readonly pass: string } | null;
}

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
	/** Names the key with which requests to the device are proved. */
	readonly keyThumbprint: string;
}

/** The person's passes for a host and for a device behind it. */
export async function passesFor(fetchPass: PassCache, { accessToken, hostId, deviceId, keyThumbprint }: PassesWanted): Promise<PassesFor> {
	const wanted = deviceId === null ? null : { deviceId, keyThumbprint };
	const [host, device] = await Promise.all([fetchPass(accessToken, { hostId }), wanted === null ? null : fetchPass(accessToken, wanted)]);
	if (!host.ok) {
		return host;
	}
	if (device !== null && !device.ok) {
		return device;
	}
	return {
		ok: true,
		passes: { host: host.pass, device: wanted === null || device === null ? null : { deviceId: wanted.deviceId, pass: device.pass } },
		async forget() {
			await fetchPass.forget(accessToken, { hostId }, host.pass);
			if (wanted !== null && device !== null) {
				await fetchPass.forget(accessToken, wanted, device.pass);
			}
		},
	};
}
