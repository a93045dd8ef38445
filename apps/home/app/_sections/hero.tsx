import { buttonClassName } from "@opta/ui/button.tsx";
import { CodeBlock } from "@opta/ui/code-block.tsx";
import { SiteLink } from "@opta/ui/site-link.tsx";

/** The first screen: what this is, and the two commands. */
export function Hero() {
	return (
		<section className="border-b border-line">
			<div className="frame grid gap-x-16 gap-y-12 py-16 sm:py-24 lg:grid-cols-[1.35fr_1fr] lg:items-end">
				<div>
					<h1 className="text-[2.75rem] leading-[1.05] font-semibold tracking-[-0.035em] sm:text-6xl lg:text-[4.25rem]">
						Open models on a machine you&nbsp;own.
					</h1>
					<p className="mt-7 max-w-xl text-lg text-muted sm:text-xl">
						Opta Local is a private AI platform that one person runs for themselves, a household or a small team. One host at home serves
						the models, so no AI company reads what you type.
					</p>
					<div className="mt-9 flex flex-wrap gap-3">
						<SiteLink site="init" className={buttonClassName("primary")}>
							Set up a host
						</SiteLink>
						<SiteLink site="lmx" path="/chat" className={buttonClassName("secondary")}>
							Open the chat
						</SiteLink>
					</div>
				</div>
				<div className="min-w-0">
					<CodeBlock label="in a clone of the repository" prompt code={"npm start\nnpm test"} />
					<p className="mt-4 text-sm text-muted">
						Node 20 or newer and npm are all you need. The first command installs, builds and starts the whole platform; the second runs
						every check.
					</p>
				</div>
			</div>
		</section>
	);
}
