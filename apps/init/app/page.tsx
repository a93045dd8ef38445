import { ArticleSections, OnThisPage } from "@opta/ui/article-sections.tsx";
import { buttonClassName } from "@opta/ui/button.tsx";
import { PageHeader } from "@opta/ui/page-header.tsx";
import { SiteLink } from "@opta/ui/site-link.tsx";
import { setupSections } from "./_setup/setup.ts";

export default function InitPage() {
	return (
		<div className="frame pb-24">
			<PageHeader
				title="From nothing to an answer"
				lead="Set up an inference host and the whole platform around it on one machine. Two commands, one account, one question."
				actions={
					<SiteLink site="help" path="/commands" className={buttonClassName("secondary")}>
						All commands
					</SiteLink>
				}
			/>
			<div className="grid gap-x-16 gap-y-10 border-t border-line pt-10 lg:grid-cols-[13rem_minmax(0,1fr)]">
				<div className="max-lg:hidden">
					<div className="sticky top-8">
						<OnThisPage sections={setupSections} />
					</div>
				</div>
				<ArticleSections sections={setupSections} />
			</div>
		</div>
	);
}
