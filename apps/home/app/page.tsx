import { SiteLink } from "@opta/ui/site-link.tsx";
import { ArchitectureDiagram } from "./_architecture/architecture-diagram.tsx";
import { ArchitectureWords } from "./_architecture/architecture-words.tsx";
import { planned, worksToday } from "./_sections/capabilities.ts";
import { CapabilityList } from "./_sections/capability-list.tsx";
import { Hero } from "./_sections/hero.tsx";
import { messagePath } from "./_sections/message-path.ts";
import { Section } from "./_sections/section.tsx";

export default function HomePage() {
	return (
		<>
			<Hero />
			<Section
				id="architecture"
				title="How the parts fit together"
				lead="Solid lines run today, dashed ones are planned. The site that shows a model and the process that computes it share no secret, only a signed pass."
			>
				<ArchitectureDiagram />
				<div className="lg:hidden">
					<ArchitectureWords />
				</div>
				<details className="mt-8 hidden lg:block">
					<summary className="w-max font-mono text-[0.8125rem] text-muted hover:text-ink">The picture in words</summary>
					<div className="mt-6">
						<ArchitectureWords />
					</div>
				</details>
			</Section>
			<Section id="message" title="What happens when you press Enter">
				<ol className="grid gap-px overflow-hidden rounded-lg border border-line bg-line sm:grid-cols-2 lg:grid-cols-3">
					{messagePath.map((step, index) => (
						<li key={step.where} className="bg-surface p-6">
							<p className="font-mono text-[0.8125rem]">
								<span className="mr-3 text-accent tabular-nums">{index + 1}</span>
								{step.where}
							</p>
							<p className="mt-3 text-sm text-muted">{step.text}</p>
						</li>
					))}
				</ol>
			</Section>
			<Section id="state" title="What works, and what does not yet" lead="The platform is young. This list follows the code, not the plan.">
				<div className="grid gap-x-16 gap-y-12 lg:grid-cols-2">
					<CapabilityList state="ok" label="works today" items={worksToday} />
					<CapabilityList state="none" label="planned" items={planned} />
				</div>
				<p className="mt-10 max-w-2xl text-muted">
					New here? Read{" "}
					<SiteLink site="learn" className="link">
						how a model answers on your own machine
					</SiteLink>
					, then{" "}
					<SiteLink site="init" className="link">
						set up a host
					</SiteLink>
					. Commands, ports and settings are in{" "}
					<SiteLink site="help" className="link">
						Opta Help
					</SiteLink>
					.
				</p>
			</Section>
		</>
	);
}
