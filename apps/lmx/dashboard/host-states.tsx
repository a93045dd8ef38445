import { ButtonLink, buttonClassName } from "@opta/ui/button.tsx";
import { PageHeader } from "@opta/ui/page-header.tsx";
import { SiteLink } from "@opta/ui/site-link.tsx";

/** For somebody who is no member of any host: how one gets a host. */
export function NoHosts() {
	return (
		<div className="frame pb-24">
			<PageHeader
				title="No host yet"
				lead="Your account is not a member of any host, so there is nothing to show or to ask here."
				actions={
					<>
						<ButtonLink href="/pair">Add a host</ButtonLink>
						<SiteLink site="init" className={buttonClassName("secondary")}>
							Set one up
						</SiteLink>
					</>
				}
			/>
			<ul className="max-w-2xl list-disc space-y-3 pl-5 text-muted marker:text-edge">
				<li>
					<span className="text-ink">Your own machine.</span> Where the whole platform runs on one machine, its host belongs to the first
					account that was confirmed there. Sign in with that one. Another machine of yours is claimed with a code that it shows.
				</li>
				<li>
					<span className="text-ink">Somebody else's host.</span> Its owner invites you with a link; then it appears here.
				</li>
				<li>
					<span className="text-ink">On the same network.</span> The host shows this dashboard itself, without an account, on port 1234 if
					its owner has opened it to the network.
				</li>
			</ul>
		</div>
	);
}

/** For an address that names a host which the person is no member of, or which does not exist; both look the same. */
export function HostNotYours() {
	return (
		<div className="frame pb-24">
			<PageHeader
				title="This host is not yours"
				lead="The address names a host that you are not a member of, or that does not exist any more."
				actions={<ButtonLink href="/">Go to your host</ButtonLink>}
			/>
		</div>
	);
}

/** For the time in which the list of hosts cannot be read. */
export function HostsUnavailable() {
	return (
		<div className="frame pb-24">
			<PageHeader
				title="Your hosts cannot be listed"
				lead="You are signed in, but the service that knows your hosts does not answer. The hosts themselves keep running."
				actions={
					<>
						<ButtonLink href="">Try again</ButtonLink>
						<SiteLink site="status" className={buttonClassName("secondary")}>
							See what is up
						</SiteLink>
					</>
				}
			/>
		</div>
	);
}
