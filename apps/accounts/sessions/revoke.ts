import { createDataClientFor } from "@opta/auth/data-client";
import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";
import { pageAddress } from "../forms/page-address.ts";
import { readPostedForm } from "../forms/posted-form.ts";
import { openSessionAuthClient } from "../session/auth-client.ts";
import { liveSession } from "../session/live-session.ts";
import { seeOther } from "../session/response.ts";
import { dropSessionCookies } from "../session/session-cookie-writer.ts";

const wishes = ["session", "device", "others", "everything"] as const;

/**
 * `POST /api/sessions/revoke`: field `what` (session, device, others, everything) and, for the first two, `id`. Others are
 * all browsers and devices but this browser; everything is this browser too.
 */
export async function revoke(context: AccountsContext, request: Request): Promise<Response> {
	const { addressing } = context.configuration;
	const form = await readPostedForm(addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const back = (parameters: Record<string, string>) => seeOther(pageAddress(addressing, "/sessions", parameters));
	const live = await liveSession(context, form.cookieHeader);
	if (live.state !== "signedIn") {
		return live.state === "unavailable" ? back({ error: "unavailable" }) : back({});
	}
	const what = wishes.find((wish) => wish === form.text("what"));
	const id = z.uuid().safeParse(form.text("id")).data;
	if (what === undefined || ((what === "session" || what === "device") && id === undefined)) {
		return back({});
	}
	const data = createDataClientFor(context.configuration, live.session.accessToken);
	const answers = [
		...(what === "device" ? [await data.rpc("revoke_devices", { of_device: id })] : []),
		...(what === "session" ? [await data.rpc("revoke_sessions", { of_session: id })] : []),
		...(what === "others" || what === "everything" ? [await data.rpc("revoke_devices", {}), await data.rpc("revoke_sessions", {})] : []),
	];
	if (answers.some(({ error }) => error !== null)) {
		return back({ error: "unavailable" });
	}
	if (what !== "everything") {
		return seeOther(pageAddress(addressing, "/sessions", { ended: what }), live.setCookies);
	}
	const client = openSessionAuthClient(context.configuration, form.cookieHeader);
	await client.auth.signOut({ scope: "global" });
	const signedOut = pageAddress(addressing, "/sign-in", { signed_out: client.unreachable() ? "here-only" : "everywhere" });
	return seeOther(signedOut, dropSessionCookies(addressing, form.cookieHeader));
}
