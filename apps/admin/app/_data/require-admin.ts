import "server-only";
import { createDataClient } from "@opta/auth/data-client";
import { requireUser } from "@opta/auth/require-user";
import type { SupabaseClient } from "@supabase/supabase-js";
import { forbidden } from "next/navigation";
import { cache } from "react";
import { type DataResult, databaseFailure } from "./data-result.ts";

/**
 * The tables as a platform administrator sees them. Anybody else gets the 403 page, signed-out visitors the sign-in.
 * Every function of the data layer begins with this; it is decided once per request, by the row that row-level
 * security lets the person see of themselves.
 */
export const requireAdmin: () => Promise<DataResult<SupabaseClient>> = cache(async () => {
	const session = await requireUser();
	const client = createDataClient(session.accessToken);
	const { data, error } = await client.from("platform_admins").select("user_id").eq("user_id", session.user.id).maybeSingle();
	if (error !== null) {
		return databaseFailure("platform_admins", error.message);
	}
	if (data === null) {
		forbidden();
	}
	return { ok: true, value: client };
});
