/** A page for a model to read. */
export interface ReadablePage {
	readonly title: string;
	readonly markdown: string;
}

/** Longer pages are cut before they are read: parsing holds up the daemon. */
const maxHtmlLength = 1024 * 1024;

/**
 * Turns HTML into Markdown: the main part of the page where one is found, else everything. Links are made absolute; scripts, styles
 * and pictures go. The libraries are loaded when first needed.
 */
export async function htmlToMarkdown(html: string, url: URL): Promise<ReadablePage> {
	const [{ parseHTML }, { Readability }, { default: Turndown }] = await Promise.all([
		import("linkedom"),
		import("@mozilla/readability"),
		import("turndown"),
	]);
	const page = html.slice(0, maxHtmlLength);
	// The parser makes no body by itself where a page leaves the tags out.
	const { document } = parseHTML(/<body[\s>]/i.test(page) ? page : `<html><body>${page}</body></html>`);
	for (const element of document.querySelectorAll("script, style, noscript, template, svg, img, picture, video, audio, iframe")) {
		element.remove();
	}
	for (const link of document.querySelectorAll("a[href]")) {
		const absolute = URL.parse(link.getAttribute("href") ?? "", url.href);
		if (absolute !== null && (absolute.protocol === "http:" || absolute.protocol === "https:")) {
			link.setAttribute("href", absolute.href);
		} else {
			link.removeAttribute("href");
		}
	}
	const title = document.querySelector("title");
	const pageTitle = title?.textContent ?? "";
	title?.remove();
	const whole = document.body?.innerHTML ?? "";
	const article = new Readability(document, { maxElemsToParse: 50_000 }).parse();
	const turndown = new Turndown({ headingStyle: "atx", codeBlockStyle: "fenced", bulletListMarker: "-" });
	const content = article?.content !== undefined && (article.textContent ?? "").trim().length >= 140 ? article.content : whole;
	return { title: (pageTitle || article?.title || "").trim(), markdown: content === null ? "" : turndown.turndown(content).trim() };
}
