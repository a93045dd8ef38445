import { parseInlineText } from "./inline-text.ts";
import { SiteLink } from "./site-link.tsx";

/** Running text with its code and links. */
export function Inline({ text }: { readonly text: string }) {
	return parseInlineText(text).map((piece, index) => {
		const key = `${index}-${piece.kind}`;
		if (piece.kind === "code") {
			return (
				<code key={key} className="inline-code">
					{piece.text}
				</code>
			);
		}
		if (piece.kind === "link") {
			return (
				<SiteLink key={key} site={piece.site} path={piece.path} className="link">
					{piece.text}
				</SiteLink>
			);
		}
		return piece.text;
	});
}
