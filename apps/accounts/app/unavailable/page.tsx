import { buttonClassName } from "@opta/ui/button.tsx";
import { PageHeader } from "@opta/ui/page-header.tsx";
import { SiteLink } from "@opta/ui/site-link.tsx";
import type { Metadata } from "next";
import { accountsContext } from "../../env.ts";
import { pageAddress } from "../../forms/page-address.ts";
import { readPageInput, type SearchParameters } from "../../forms/page-input.ts";

export const metadata: Metadata = { title: "The account service cannot be reached" };

export default async function UnavailablePage({ searchParams }: { readonly searchParams: SearchParameters }) {
	const { addressing } = accountsContext().configuration;
	const { target } = await readPageInput(searchParams, addressing);
	return (
		<div className="frame pb-24">
			<PageHeader
				title="The account service cannot be reached"
				lead="You are still signed in, but the session has to be refreshed before you can go on, and that is not possible right now."
				actions={
					<>
						<a href={pageAddress(addressing, "/refresh", { redirect_to: target })} className={buttonClassName("primary")}>
							Try again
						</a>
						<SiteLink site="status" className={buttonClassName("secondary")}>
							See what is up
						</SiteLink>
					</>
				}
			/>
		</div>
	);
}
