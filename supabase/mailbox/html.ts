const named: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** A piece of a page that is safe as it is. */
export interface Html {
	readonly markup: string;
}

type Part = string | number | Html | readonly Html[];

function render(part: Part): string {
	if (typeof part === "string" || typeof part === "number") {
		return String(part).replace(/[&<>"']/g, (character) => named[character] ?? character);
	}
	return "markup" in part ? part.markup : part.map((piece) => piece.markup).join("");
}

/** Tag for pages: everything put into the template is escaped, unless it came from this tag itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
	const markup = strings.map((text, index) => (index === 0 ? text : `${render(parts[index - 1] ?? "")}${text}`)).join("");
	return { markup };
}
