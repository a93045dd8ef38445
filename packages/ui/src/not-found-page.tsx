import { buttonClassName } from "./button.tsx";
import { PageHeader } from "./page-header.tsx";
import { SiteLink } from "./site-link.tsx";

/** What a site shows for an address it does not have. */
export function NotFoundPage() {
	return (
		<div className="frame pb-24">
			<PageHeader
				title="There is no page here"
				lead="The address may be misspelt, or the page has moved. Nothing is wrong with the platform."
				actions={
					<>
						<a href="/" className={buttonClassName("primary")}>
							Start page
						</a>
						<SiteLink site="help" className={buttonClassName("secondary")}>
							Opta Help
						</SiteLink>
					</>
				}
			/>
			<p className="label-mono">404 · not found</p>
		</div>
	);
}
