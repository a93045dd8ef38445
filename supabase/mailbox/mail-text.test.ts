import { describe, expect, it } from "vitest";
import { mailLinks, mailText } from "./mail-text.ts";

const mail = `<!doctype html><html><head><title>No</title><style>p { color: red }</style></head><body><main>
	<h1>Confirm  your
	address</h1>
	<p>Ann &amp; Ben &lt;3</p>
	<p><a class="action" href="http://accounts.localhost:3003/auth/confirm?token_hash=ab&amp;type=signup"><b>Confirm</b></a></p>
</main></body></html>`;

describe("mailText", () => {
	it("keeps the words and the links, paragraph by paragraph", () => {
		expect(mailText(mail)).toBe(
			"Confirm your address\n\nAnn & Ben <3\n\nConfirm: http://accounts.localhost:3003/auth/confirm?token_hash=ab&type=signup",
		);
	});
});

describe("mailLinks", () => {
	it("finds the links as they are meant", () => {
		expect(mailLinks(mail)).toEqual([{ label: "Confirm", url: "http://accounts.localhost:3003/auth/confirm?token_hash=ab&type=signup" }]);
	});

	it("leaves out what is no web address, and doubles", () => {
		const hostile = ["javascript:alert(1)", "data:text/html,x", "/here", "https://a.example", "https://a.example/"];
		expect(mailLinks(hostile.map((href) => `<a href="${href}">x</a>`).join(""))).toEqual([{ label: "x", url: "https://a.example/" }]);
	});

	it("names a link without words by its host", () => {
		expect(mailLinks('<a href="https://a.example/b"><img></a>')).toEqual([{ label: "a.example", url: "https://a.example/b" }]);
	});
});
