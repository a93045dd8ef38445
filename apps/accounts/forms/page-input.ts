import { safeRedirect } from "@opta/auth/safe-redirect";
import { allSiteOrigins, type SiteAddressing } from "@opta/contracts/site-url";
import { sites } from "@opta/contracts/sites";
import { type FormMessage, formMessage } from "./form-error.ts";

/** The parameters of a page's address, as Next.js gives them. */
export type SearchParameters = Promise<Readonly<Record<string, string | string[] | undefined>>>;

/** A page's title; one with an error says so first, because that is what is read out when the page has loaded. */
export async function titleWithError(title: string, parameters: SearchParameters): Promise<{ title: string }> {
	return { title: formMessage((await parameters).error) === null ? title : `Error: ${title}` };
}

/** Where a form leads afterwards, and what went wrong with it last time. `remembered` counts when the address does not say where. */
export async function readPageInput(
	parameters: SearchParameters,
	addressing: SiteAddressing,
	remembered = "",
): Promise<{ readonly target: string; readonly message: FormMessage | null; readonly all: Awaited<SearchParameters> }> {
	const all = await parameters;
	return { target: safeRedirect(all.redirect_to ?? remembered, addressing), message: formMessage(all.error, all.wait), all };
}

/** Title of the site that an address of ours belongs to; null for accounts itself. */
export function siteTitleOf(target: string, addressing: SiteAddressing): string | null {
	const site = sites[allSiteOrigins(addressing).indexOf(new URL(target).origin)];
	return site === undefined || site.name === "accounts" ? null : site.title;
}
