import { describe, expect, it } from "vitest";
import type { StoredMail } from "./mail-store.ts";
import { listPage, mailPage } from "./mailbox-page.ts";

const hostile = `"'><script>alert(1)</script>&amp;`;
const mail: StoredMail = {
	id: "01a1fd4f-2a81-75f4-8dfb-9aa8b38e28a1",
	receivedAt: "2026-11-21T08:46:26.004Z",
	to: hostile,
	subject: hostile,
	text: hostile,
	html: `<script>alert(2)</script><a href="https://a.example/?q=%22&amp;x='">${hostile}</a>`,
};

describe("the mailbox's pages", () => {
	it.each([
		["list", listPage([mail])],
		["mail", mailPage(mail)],
	])("escape everything that a mail says (%s)", (_name, page) => {
		expect(page).not.toContain("<script>");
		expect(page).not.toContain("alert(2)");
		expect(page).toContain("&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;");
	});

	it("tells what comes when there is no mail", () => {
		expect(listPage([])).toContain("No mail yet");
	});

	it("shows a mail's links outside of its frame, and the mail in a frame that can run nothing", () => {
		const page = mailPage(mail);
		expect(page).toContain('href="https://a.example/?q=%22&amp;x=%27"');
		expect(page).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
	});

	it("shows a mail without HTML as text only", () => {
		expect(mailPage({ ...mail, html: null })).not.toContain("<iframe");
	});
});
