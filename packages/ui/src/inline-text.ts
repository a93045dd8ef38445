import { type SiteName, sites } from "@opta/contracts/sites";

/** A piece of running text: plain, a name set as code, or a link to a page of one of the sites. */
export type InlinePiece =
	| { readonly kind: "plain"; readonly text: string }
	| { readonly kind: "code"; readonly text: string }
	| { readonly kind: "link"; readonly text: string; readonly site: SiteName; readonly path: string };

const pattern = /`([^`]+)`|\[([^\]]+)\]\(([a-z]+):(\/[^)\s]*)\)/g;

function siteNamed(name: string | undefined): SiteName {
	const site = sites.find((candidate) => candidate.name === name);
	if (site === undefined) {
		throw new RangeError(`A link names the site "${name}", which does not exist.`);
	}
	return site.name;
}

/**
 * Reads the two marks that article texts may hold: `` `name` `` for code and `[words](site:/path)` for links.
 * @throws {RangeError} when a link names a site that does not exist.
 */
export function parseInlineText(source: string): readonly InlinePiece[] {
	const pieces: InlinePiece[] = [];
	let end = 0;
	for (const match of source.matchAll(pattern)) {
		if (match.index > end) {
			pieces.push({ kind: "plain", text: source.slice(end, match.index) });
		}
		const [whole, code, words, site, path] = match;
		pieces.push(
			code === undefined ? { kind: "link", text: words ?? "", site: siteNamed(site), path: path ?? "/" } : { kind: "code", text: code },
		);
		end = match.index + whole.length;
	}
	if (end < source.length) {
		pieces.push({ kind: "plain", text: source.slice(end) });
	}
	return pieces;
}
