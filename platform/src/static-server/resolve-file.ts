import path from "node:path";

/**
 * Maps a request path to the candidate files of an exported site, best first: the file itself,
 * `<path>.html`, `<path>/index.html`. Null for paths that try to leave the folder or cannot be decoded.
 */
export function candidateFiles(requestPath: string): readonly string[] | null {
	let decoded: string;
	try {
		decoded = decodeURIComponent(requestPath);
	} catch {
		return null;
	}
	if (!decoded.startsWith("/") || decoded.includes("\0") || decoded.includes("\\") || decoded.split("/").includes("..")) {
		return null;
	}
	const relative = path.posix.normalize(decoded).slice(1);
	if (relative === "" || relative.endsWith("/")) {
		return [`${relative}index.html`];
	}
	return [relative, `${relative}.html`, `${relative}/index.html`];
}

const types: Readonly<Record<string, string>> = {
	".css": "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".ico": "image/x-icon",
	".js": "text/javascript; charset=utf-8",
	".json": "application/json; charset=utf-8",
	".md": "text/markdown; charset=utf-8",
	".png": "image/png",
	".svg": "image/svg+xml",
	".txt": "text/plain; charset=utf-8",
	".webmanifest": "application/manifest+json",
	".woff2": "font/woff2",
	".xml": "application/xml",
};

/** Media type by file ending. */
export function contentType(file: string): string {
	return types[path.extname(file)] ?? "application/octet-stream";
}
