import type { AccountsContext } from "../accounts-context.ts";
import { openSessionAuthClient } from "../session/auth-client.ts";
import { seeOther } from "../session/response.ts";
import { dropSessionCookies } from "../session/session-cookie-writer.ts";
import { refreshTokenOf } from "../session/session-refresher.ts";
import { dropFormMemory } from "./form-memory.ts";
import { pageAddress } from "./page-address.ts";
import { readPostedForm } from "./posted-form.ts";

/** `POST /sign-out`: ends this session at the back end and removes its cookies everywhere, the latter even when the back end is away. */
export async function signOut(context: AccountsContext, request: Request): Promise<Response> {
	const { configuration, refresher } = context;
	const form = await readPostedForm(configuration.addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const client = openSessionAuthClient(configuration, form.cookieHeader);
	await client.auth.signOut({ scope: "local" });
	const refreshToken = refreshTokenOf(form.cookieHeader);
	if (refreshToken !== null) {
		refresher.forget(refreshToken);
	}
	const notice = client.unreachable() ? "here-only" : "everywhere";
	const page = pageAddress(configuration.addressing, "/sign-in", { signed_out: notice });
	return seeOther(page, [...dropSessionCookies(configuration.addressing, form.cookieHeader), dropFormMemory()]);
}
