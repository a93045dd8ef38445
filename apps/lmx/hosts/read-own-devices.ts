import "server-only";
import { createDataClient } from "@opta/auth/data-client";
import type { SignedInSession } from "@opta/auth/session";
import type { OwnDevice } from "@opta/dashboard/host/dashboard-place.tsx";
import { toOwnDevices } from "./own-device-rows.ts";

/** Devices that the person is signed in on, or null when the back end did not give them. */
export async function readOwnDevices({ user, accessToken }: SignedInSession): Promise<readonly OwnDevice[] | null> {
	const { data, error } = await createDataClient(accessToken)
		.from("devices")
		.select("id,name,last_seen_at")
		.eq("user_id", user.id)
		.is("revoked_at", null)
		.limit(200);
	return error === null ? toOwnDevices(data) : null;
}
