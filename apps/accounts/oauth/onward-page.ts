const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escaped(text: string): string {
	return text.replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

/**
 * Leads a browser from a form to another service. A redirect would be held to the `form-action` of the form's page
 * (Chromium does that); a page that moves on by itself is not, and works without scripts.
 */
export function onwardPage(to: string, serviceTitle: string, setCookies: readonly string[]): Response {
	const address = escaped(to);
	const title = `On to ${escaped(serviceTitle)}`;
	const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="0; url=${address}">
<title>${title}</title>
<p><a href="${address}">${title}</a></p>
</html>
`;
	const headers = new Headers({ "content-type": "text/html; charset=utf-8", "cache-control": "private, no-store" });
	for (const line of setCookies) {
		headers.append("set-cookie", line);
	}
	return new Response(html, { headers });
}
