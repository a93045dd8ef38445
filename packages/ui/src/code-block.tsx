import { CopyButton } from "./copy-button.tsx";
import { ScrollRegion } from "./scroll-region.tsx";

interface CodeBlockProps {
	readonly code: string;
	/** What the block holds, for its bar and for people who do not see it. */
	readonly label: string;
	/** Shows a prompt before each line; it is not part of what is copied. */
	readonly prompt?: boolean;
	readonly className?: string;
}

/** Text for a terminal or a file, with a button that copies it. */
export function CodeBlock({ code, label, prompt = false, className = "" }: CodeBlockProps) {
	return (
		<figure className={`overflow-hidden rounded-lg border border-line bg-surface ${className}`}>
			<figcaption className="flex items-center justify-between border-b border-line py-1 pr-1.5 pl-4">
				<span className="label-mono">{label}</span>
				<CopyButton text={code} label={label} />
			</figcaption>
			<ScrollRegion label={label} className="-outline-offset-2">
				<pre className="w-max min-w-full p-4 text-[0.8125rem] leading-6">
					<code>
						{code.split("\n").map((line, index) => (
							<span
								// biome-ignore lint/suspicious/noArrayIndexKey: the lines of a constant text never move
								key={index}
								className={`block ${prompt ? "before:text-accent before:content-['$_'] before:select-none" : ""}`}
							>
								{line === "" ? "\n" : line}
							</span>
						))}
					</code>
				</pre>
			</ScrollRegion>
		</figure>
	);
}
