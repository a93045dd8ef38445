import { ScrollRegion } from "@opta/ui/scroll-region.tsx";
import { type ComponentProps, memo, type ReactNode } from "react";
import ReactMarkdown, { type Components, type ExtraProps } from "react-markdown";
import remarkGfm from "remark-gfm";

type Props<Tag extends keyof React.JSX.IntrinsicElements> = ComponentProps<Tag> & ExtraProps;

/** Every heading of an answer is of one level, below the page's own: answers bring any order of levels. */
function AnswerHeading({ children }: { readonly children?: ReactNode }) {
	return <h3 className="mt-5 mb-2 font-semibold first:mt-0">{children}</h3>;
}

function ExternalLink({ href, children }: { readonly href?: string | undefined; readonly children?: ReactNode }) {
	return (
		<a href={href} target="_blank" rel="noopener noreferrer" className="link">
			{children}
		</a>
	);
}

const components: Components = {
	h1: AnswerHeading,
	h2: AnswerHeading,
	h3: AnswerHeading,
	h4: AnswerHeading,
	h5: AnswerHeading,
	h6: AnswerHeading,
	a: ({ href, children }: Props<"a">) => <ExternalLink href={href}>{children}</ExternalLink>,
	// A picture would be fetched from wherever the model says; the reader decides.
	img: ({ src, alt }: Props<"img">) => (
		<ExternalLink href={typeof src === "string" ? src : undefined}>{alt === undefined || alt === "" ? "picture" : alt}</ExternalLink>
	),
	p: ({ children }: Props<"p">) => <p className="my-3 first:mt-0 last:mb-0">{children}</p>,
	ul: ({ children }: Props<"ul">) => <ul className="my-3 list-disc space-y-1 pl-6 marker:text-muted">{children}</ul>,
	ol: ({ children, start }: Props<"ol">) => (
		<ol start={start} className="my-3 list-decimal space-y-1 pl-6 marker:text-muted">
			{children}
		</ol>
	),
	blockquote: ({ children }: Props<"blockquote">) => (
		<blockquote className="my-3 border-l-2 border-edge pl-4 text-muted">{children}</blockquote>
	),
	hr: () => <hr className="my-5 border-line" />,
	code: ({ children }: Props<"code">) => <code className="inline-code">{children}</code>,
	pre: ({ children }: Props<"pre">) => (
		<ScrollRegion label="Code" className="my-3 rounded-lg border border-line bg-surface">
			<pre className="w-max min-w-full p-4 text-[0.8125rem] leading-6 [&_code]:bg-transparent [&_code]:p-0 [&_code]:text-[1em]">
				{children}
			</pre>
		</ScrollRegion>
	),
	table: ({ children }: Props<"table">) => (
		<ScrollRegion label="Table" className="my-3">
			<table className="border-collapse text-sm">{children}</table>
		</ScrollRegion>
	),
	th: ({ children, style }: Props<"th">) => (
		<th className="border border-line bg-surface px-3 py-1.5 text-left font-medium" style={style}>
			{children}
		</th>
	),
	td: ({ children, style }: Props<"td">) => (
		<td className="border border-line px-3 py-1.5 align-top" style={style}>
			{children}
		</td>
	),
	input: ({ checked }: Props<"input">) => <span>{checked === true ? "☑ " : "☐ "}</span>,
};

const plugins = [remarkGfm];

/** One block of Markdown (GitHub's dialect). HTML in it is shown as text; equal text is not rendered again. */
const Markdown = memo(function Markdown({ text }: { readonly text: string }) {
	return (
		<ReactMarkdown remarkPlugins={plugins} components={components}>
			{text}
		</ReactMarkdown>
	);
});

export default Markdown;
