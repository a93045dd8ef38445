import { type SiteAddressing, siteUrl } from "@opta/contracts/site-url";

/** The absolute address of a page of accounts; parameters without a value are left out. */
export function pageAddress(
	addressing: SiteAddressing,
	page: string,
	parameters: Readonly<Record<string, string | undefined>> = {},
): string {
	const query = new URLSearchParams();
	for (const [name, value] of Object.entries(parameters)) {
		if (value !== undefined && value !== "") {
			query.set(name, value);
		}
	}
	return siteUrl(addressing, "accounts", query.size === 0 ? page : `${page}?${query}`);
}
