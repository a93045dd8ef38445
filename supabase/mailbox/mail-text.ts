const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#34": '"', nbsp: " " };

function decode(text: string): string {
	return text.replace(/&(amp|lt|gt|quot|#39|#34|nbsp);/g, (whole, name: string) => entities[name] ?? whole);
}

/** A link of a mail: its words and its address. */
export interface MailLink {
	readonly label: string;
	readonly url: string;
}

const anchor = /<a\b[^>]*?\bhref="([^"]*)"[^>]*>([\s\S]*?)<\/a>/gi;

function words(html: string): string {
	return decode(html.replace(/<[^>]*>/g, ""))
		.replace(/\s+/g, " ")
		.trim();
}

/** The http(s) links of a mail, in their order, each address once. Anything else (`javascript:`, `data:`) is left out. */
export function mailLinks(html: string): readonly MailLink[] {
	const links = new Map<string, MailLink>();
	for (const [, href = "", inner = ""] of html.matchAll(anchor)) {
		const url = URL.parse(decode(href));
		if (url !== null && (url.protocol === "https:" || url.protocol === "http:") && !links.has(url.href)) {
			links.set(url.href, { label: words(inner) || url.host, url: url.href });
		}
	}
	return [...links.values()];
}

/** The words of a mail that was written as HTML: paragraphs apart, links as `words: address`. */
export function mailText(html: string): string {
	return html
		.replace(/<(head|style|script)\b[\s\S]*?<\/\1>/gi, "")
		.replace(anchor, (_whole, href: string, inner: string) => `${inner}: ${href}`)
		.split(/<\/?(?:p|h[1-6]|div|li|tr|br|main|body)\b[^>]*>/i)
		.map(words)
		.filter((line) => line !== "")
		.join("\n\n");
}
