"use client";

import { Button, buttonClassName } from "./button.tsx";
import { PageHeader } from "./page-header.tsx";
import { SiteLink } from "./site-link.tsx";

interface ErrorPageProps {
	readonly error: Error & { readonly digest?: string };
	readonly retry: () => void;
}

/** What a site shows when a page failed: that it failed, a way to try again, and the number to look for in the log. */
export function ErrorPage({ error, retry }: ErrorPageProps) {
	return (
		<div className="frame pb-24">
			<PageHeader
				title="This page failed"
				lead="The site is running, but it could not finish this page. Trying again helps when something else was starting."
				actions={
					<>
						<Button onClick={retry}>Try again</Button>
						<SiteLink site="status" className={buttonClassName("secondary")}>
							See what is up
						</SiteLink>
					</>
				}
			/>
			{error.digest === undefined ? null : <p className="label-mono">log reference {error.digest}</p>}
		</div>
	);
}
