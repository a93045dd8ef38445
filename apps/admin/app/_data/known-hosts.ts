import "server-only";
import { cache } from "react";
import { type DataResult, databaseFailure } from "./data-result.ts";
import { requireAdmin } from "./require-admin.ts";

/** A host that the platform knows, with or without an owner. */
export interface KnownHost {
	readonly id: string;
	readonly name: string;
	readonly doorUrl: string;
	readonly version: string | null;
	readonly claimed: boolean;
	/** ISO 8601, or null when it was never heard of. */
	readonly lastSeenAt: string | null;
}

interface HostRow {
	id: string;
	name: string;
	door_url: string;
	version: string | null;
	owner_id: string | null;
	last_seen_at: string | null;
}

/** Every host, by name; read once per request. */
export const readKnownHosts: () => Promise<DataResult<readonly KnownHost[]>> = cache(async () => {
	const admin = await requireAdmin();
	if (!admin.ok) {
		return admin;
	}
	const { data, error } = await admin.value
		.from("hosts")
		.select("id, name, door_url, version, owner_id, last_seen_at")
		.order("name")
		.overrideTypes<HostRow[], { merge: false }>();
	if (error !== null) {
		return databaseFailure("hosts", error.message);
	}
	const hosts = data.map((row) => ({
		id: row.id,
		name: row.name,
		doorUrl: row.door_url,
		version: row.version,
		claimed: row.owner_id !== null,
		lastSeenAt: row.last_seen_at,
	}));
	return { ok: true, value: hosts };
});
