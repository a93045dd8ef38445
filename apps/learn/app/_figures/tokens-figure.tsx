/** Sentences as the shipped model's own tokenizer cuts them: text and number of each token. */
const examples: readonly (readonly (readonly [string, number])[])[] = [
	[
		["Opt", 13928],
		["a", 81],
		[" Local", 10698],
		[" answers", 5360],
		[" on", 335],
		[" your", 469],
		[" own", 1038],
		[" machine", 3746],
		[".", 30],
	],
	[
		["Un", 3706],
		["belie", 23282],
		["vable", 16275],
		["!", 17],
	],
];

/** Text cut into tokens, each with its number below. */
export function TokensFigure() {
	return (
		<figure className="rounded-lg border border-line bg-surface p-5">
			<div className="space-y-5">
				{examples.map((tokens) => (
					<ol key={tokens.map(([text]) => text).join("")} className="flex flex-wrap gap-1.5" aria-label={`${tokens.length} tokens`}>
						{tokens.map(([text, number]) => (
							<li key={number} className="rounded-sm border border-line bg-bg px-2 py-1.5 text-center font-mono">
								<span className="block text-sm whitespace-pre">{text.replace(" ", "␣")}</span>
								<span className="block text-xs text-muted tabular-nums">{number}</span>
							</li>
						))}
					</ol>
				))}
			</div>
			<figcaption className="mt-4 text-sm text-muted">
				Cut by the tokenizer of SmolLM2. The mark ␣ is a space: it belongs to the token that follows.
			</figcaption>
		</figure>
	);
}
