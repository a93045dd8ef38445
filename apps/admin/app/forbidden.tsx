import { buttonClassName } from "@opta/ui/button.tsx";
import { PageHeader } from "@opta/ui/page-header.tsx";
import { SiteLink } from "@opta/ui/site-link.tsx";

export default function Forbidden() {
	return (
		<div className="frame pb-24">
			<PageHeader
				title="For administrators of the platform"
				lead="You are signed in, but this account does not administer the platform. This site shows its sites, hosts and number of accounts to those who do."
				actions={
					<>
						<SiteLink site="lmx" className={buttonClassName("primary")}>
							Your hosts
						</SiteLink>
						<SiteLink site="accounts" className={buttonClassName("secondary")}>
							Your account
						</SiteLink>
					</>
				}
			/>
			<section aria-labelledby="how" className="max-w-2xl border-t border-line pt-8">
				<h2 id="how" className="text-xl font-semibold tracking-tight">
					How an account becomes administrator
				</h2>
				<p className="mt-3 text-muted">
					On a platform that runs on one machine, the first account that confirms its e-mail address does. On a hosted one, whoever operates
					the database adds the account to the table of administrators.
				</p>
			</section>
			<p className="label-mono mt-10">403 · forbidden</p>
		</div>
	);
}
