import { safeRedirect } from "@opta/auth/safe-redirect";
import type { AccountsContext } from "../accounts-context.ts";
import { pageAddress } from "../forms/page-address.ts";
import { readWaitingInvites } from "./invites.ts";

/**
 * Where a mail link leads: to the page that its browser remembers, else to the invitations that wait for the address that it
 * has just proved, if there are any.
 */
export async function landingPage(context: AccountsContext, accessToken: string | undefined, remembered: string): Promise<string> {
	const { addressing } = context.configuration;
	const target = safeRedirect(remembered, addressing);
	if (accessToken === undefined || target !== pageAddress(addressing, "/")) {
		return target;
	}
	const waiting = await readWaitingInvites(context, { accessToken });
	return waiting.state === "ok" && waiting.value.length > 0 ? pageAddress(addressing, "/hosts") : target;
}
