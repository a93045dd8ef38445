import { connections, partById } from "./architecture.ts";

/** The picture in words, one line per connection. It replaces the picture where the screen is narrow. */
export function ArchitectureWords() {
	return (
		<ol className="grid gap-x-12 gap-y-4 text-sm sm:grid-cols-2">
			{connections.map(({ from, to, state, sentence }) => (
				<li key={`${from}-${to}`} className={`border-l-2 pl-4 ${state === "today" ? "border-accent" : "border-dashed border-edge"}`}>
					<p className="font-mono text-[0.8125rem]">
						{partById(from).title} <span aria-hidden="true">→</span>
						<span className="sr-only"> to </span> {partById(to).title}
					</p>
					<p className="text-muted">{sentence}</p>
				</li>
			))}
		</ol>
	);
}
