import { renamePerson } from "../account/account-data.ts";
import type { AccountsContext } from "../accounts-context.ts";
import { liveSession } from "../session/live-session.ts";
import { seeOther } from "../session/response.ts";
import { longestNameCharacters } from "./name-rules.ts";
import { pageAddress } from "./page-address.ts";
import { readPostedForm } from "./posted-form.ts";

/** `POST /api/profile`: field `name`. Writes the display name of the signed-in person. */
export async function rename(context: AccountsContext, request: Request): Promise<Response> {
	const { configuration } = context;
	const form = await readPostedForm(configuration.addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const live = await liveSession(context, form.cookieHeader);
	if (live.state === "unavailable") {
		return seeOther(pageAddress(configuration.addressing, "/", { error: "unavailable" }));
	}
	if (live.state !== "signedIn") {
		return seeOther(pageAddress(configuration.addressing, "/sign-in"));
	}
	const name = form.text("name").trim();
	const back = (parameters: Record<string, string>) => seeOther(pageAddress(configuration.addressing, "/", parameters), live.setCookies);
	if (name === "") {
		return back({ error: "name_missing" });
	}
	if ([...name].length > longestNameCharacters) {
		return back({ error: "name_long" });
	}
	const written = await renamePerson(configuration, live.session, name);
	return written.state === "ok" ? back({ saved: "name" }) : back({ error: "unavailable" });
}
