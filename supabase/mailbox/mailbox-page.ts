import { type Html, html } from "./html.ts";
import type { StoredMail } from "./mail-store.ts";
import { mailLinks } from "./mail-text.ts";

interface Page {
	readonly title: string;
	readonly main: Html;
	/** Id of the newest mail: the page's script asks for what came after it. Null where the page does not change. */
	readonly watchAfter: string | null;
}

function document({ title, main, watchAfter }: Page): string {
	const script = watchAfter === null ? html`` : html`<script src="/mailbox.js" data-after="${watchAfter}" defer></script>`;
	return html`<!doctype html>
<html lang="en">
	<head>
		<meta charset="utf-8">
		<meta name="viewport" content="width=device-width, initial-scale=1">
		<meta name="color-scheme" content="light dark">
		<title>${title}</title>
		<link rel="icon" href="data:,">
		<link rel="stylesheet" href="/mailbox.css">
		${script}
	</head>
	<body>
		<a class="skip" href="#main">Skip to the mails</a>
		<header class="bar"><a class="brand" href="/"><span aria-hidden="true">✉</span> Opta mailbox</a><span class="where">this computer only</span></header>
		<main id="main" tabindex="-1">
${main}
		</main>
		<footer>Every mail that this platform sends stays here. Nothing leaves this computer.</footer>
	</body>
</html>
`.markup;
}

/** `2026-11-21 08:46 UTC` of an RFC 3339 time. */
export function readableTime(time: string): string {
	return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
}

function timeElement(time: string): Html {
	return html`<time datetime="${time}">${readableTime(time)}</time>`;
}

function row(mail: StoredMail): Html {
	return html`
				<li><a class="mail" href="/messages/${mail.id}"><span class="subject">${mail.subject}</span><span class="to">to ${mail.to}</span>${timeElement(mail.receivedAt)}</a></li>`;
}

/** The list of mails, newest first. */
export function listPage(mails: readonly StoredMail[]): string {
	const list =
		mails.length === 0
			? html`<p class="empty">No mail yet. Sign up at accounts: the confirmation comes here, and this page shows it by itself.</p>`
			: html`<ol class="mails">${mails.map(row)}
			</ol>`;
	const count = mails.length === 1 ? "1 mail" : `${mails.length} mails`;
	return document({
		title: mails.length === 0 ? "Mailbox" : `Mailbox (${mails.length})`,
		main: html`			<h1>Mailbox</h1>
			<p class="count" role="status">${mails.length === 0 ? "Waiting for the first mail" : count}</p>
			${list}`,
		watchAfter: mails[0]?.id ?? "",
	});
}

/** One mail: its head, its links as plain links, its words, and how it looks in a frame that can run nothing. */
export function mailPage(mail: StoredMail): string {
	const links = mail.html === null ? [] : mailLinks(mail.html);
	const linkList =
		links.length === 0
			? html``
			: html`
			<section aria-labelledby="links"><h2 id="links">Links in this mail</h2><ul class="links">${links.map(
				({ label, url }) => html`
				<li><a class="action" href="${url}" rel="noreferrer">${label}</a><code>${url}</code></li>`,
			)}
			</ul></section>`;
	const text = html`<pre tabindex="0" aria-label="Text of the mail">${mail.text}</pre>`;
	const body =
		mail.html === null
			? html`
			<section aria-labelledby="body"><h2 id="body">Mail</h2>${text}</section>`
			: html`
			<section aria-labelledby="body"><h2 id="body">Mail</h2><iframe title="The mail as it looks" src="/messages/${mail.id}/html" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>
			<details><summary>As text</summary>${text}</details></section>`;
	return document({
		title: `${mail.subject} · Mailbox`,
		main: html`			<p><a href="/">← All mails</a></p>
			<h1>${mail.subject}</h1>
			<dl><dt>To</dt><dd>${mail.to}</dd><dt>Sent</dt><dd>${timeElement(mail.receivedAt)}</dd></dl>${linkList}${body}`,
		watchAfter: null,
	});
}

/** What is shown where there is no such mail, or page. */
export function notFoundPage(): string {
	return document({
		title: "Not found · Mailbox",
		main: html`			<h1>Not found</h1>
			<p>There is no such mail. The oldest are removed when new ones come. <a href="/">Back to all mails</a></p>`,
		watchAfter: null,
	});
}
