import type { OwnDevice } from "@opta/dashboard/host/dashboard-place.tsx";
import { toRfc3339 } from "./host-rows.ts";

/** A row of `devices` as the back end sends it. */
export interface DeviceRow {
	readonly id: string;
	readonly name: string;
	readonly last_seen_at: string | null;
}

/** Maps rows to devices of the person. */
export function toOwnDevices(rows: readonly DeviceRow[]): readonly OwnDevice[] {
	return rows.map(({ id, name, last_seen_at }) => ({ id, name, lastSeenAt: toRfc3339(last_seen_at) }));
}
