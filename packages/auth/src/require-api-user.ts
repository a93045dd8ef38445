import "server-only";
import { headers } from "next/headers";
import { type ApiUser, apiUserFrom } from "./api-user.ts";
import { readSession } from "./session.ts";

/**
 * For route handlers: the signed-in person, or the response to send instead (401 `session_expired` or
 * `unauthenticated`, 400 for two session cookies, 503 when the back end's keys cannot be fetched).
 */
export async function requireApiUser(): Promise<ApiUser> {
	return apiUserFrom(readSession((await headers()).get("cookie")));
}
