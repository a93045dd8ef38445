import "server-only";
import { type DataResult, databaseFailure } from "./data-result.ts";
import { requireAdmin } from "./require-admin.ts";

/** How many accounts the platform has. */
export async function readAccountCount(): Promise<DataResult<number>> {
	const admin = await requireAdmin();
	if (!admin.ok) {
		return admin;
	}
	const { count, error } = await admin.value.from("profiles").select("id", { count: "exact", head: true });
	return error === null && count !== null ? { ok: true, value: count } : databaseFailure("profiles", error?.message ?? "no count");
}
