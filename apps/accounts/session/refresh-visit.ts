import { safeRedirect } from "@opta/auth/safe-redirect";
import { siteUrl } from "@opta/contracts/site-url";
import type { AccountsContext } from "../accounts-context.ts";
import { noteSession } from "../sessions/note-session.ts";
import { liveSession } from "./live-session.ts";
import { seeOther } from "./response.ts";

/**
 * `GET /refresh?redirect_to=`: refreshes the session of a page that was asked for with an ended one, and goes back
 * there; to the sign-in page when the session cannot be refreshed, to a page that says so when the back end is away.
 */
export async function visitRefresh(context: AccountsContext, request: Request, requested: unknown): Promise<Response> {
	const { addressing } = context.configuration;
	const target = safeRedirect(requested, addressing);
	const live = await liveSession(context, request.headers.get("cookie"));
	const onward = `redirect_to=${encodeURIComponent(target)}`;
	switch (live.state) {
		case "signedIn":
			await noteSession(context, live.session.accessToken, request.headers, null);
			return seeOther(target, live.setCookies);
		case "unavailable":
			return seeOther(siteUrl(addressing, "accounts", `/unavailable?${onward}`));
		case "signedOut":
			return seeOther(siteUrl(addressing, "accounts", `/sign-in?${onward}`), live.setCookies);
		case "duplicateCookie":
			return seeOther(siteUrl(addressing, "accounts", `/sign-in?${onward}`));
	}
}
