import { createDataClientFor, type DataSource } from "@opta/auth/data-client";
import type { SignedInSession } from "@opta/auth/session";
import { z } from "zod";
import { databaseTime } from "../account/database-time.ts";
import { type Read, readFailure } from "../account/read.ts";

/** When the account will be deleted; null when nobody asked for it. */
export async function readDeletion(source: DataSource, { accessToken }: Pick<SignedInSession, "accessToken">): Promise<Read<Date | null>> {
	const answer = await createDataClientFor(source, accessToken).from("account_deletions").select("due_at").maybeSingle();
	const failed = readFailure(answer);
	if (failed !== null) {
		return failed;
	}
	const row = z.object({ due_at: z.string() }).nullable().parse(answer.data);
	return { state: "ok", value: row === null ? null : databaseTime(row.due_at) };
}
