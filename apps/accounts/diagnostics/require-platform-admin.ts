import "server-only";
import { createDataClient } from "@opta/auth/data-client";
import { requireUser } from "@opta/auth/require-user";
import type { SignedInSession } from "@opta/auth/session";
import { notFound } from "next/navigation";

/** The signed-in person, if the database says that they are an administrator; for anybody else the page does not exist. */
export async function requirePlatformAdmin(): Promise<SignedInSession> {
	const session = await requireUser();
	const data = createDataClient(session.accessToken);
	const { data: row } = await data.from("platform_admins").select("user_id").eq("user_id", session.user.id).maybeSingle();
	if (row === null) {
		notFound();
	}
	return session;
}
