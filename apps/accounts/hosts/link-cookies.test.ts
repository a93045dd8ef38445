import { describe, expect, it } from "vitest";
import { dropHeldLink, dropNewLink, holdLink, keepNewLink, readHeldLink, readNewLink } from "./link-cookies.ts";

const portalKey = "k".repeat(43);
const person = "0193f3a0-0000-7000-8000-000000000001";
const link = { hostId: "0193f3a0-0000-7000-8000-000000000002", secret: "s".repeat(43) };
const sentBack = (line: string): string => `theme=dark; ${line.split(";")[0]}`;

describe("a new link", () => {
	it("is read for its owner and its host alone, and not in the cookie itself", () => {
		const line = keepNewLink(portalKey, person, link);
		expect(line).toMatch(/^__Host-opta-new-invite=[\w-]+; Path=\/; Max-Age=600; Secure; HttpOnly; SameSite=Strict$/);
		expect(Buffer.from(sentBack(line), "base64url").toString()).not.toContain(link.secret);
		expect(readNewLink(portalKey, person, link.hostId, sentBack(line))).toBe(link.secret);
		expect(readNewLink(portalKey, person, person, sentBack(line))).toBeNull();
		expect(readNewLink(portalKey, link.hostId, link.hostId, sentBack(line))).toBeNull();
		expect(readNewLink("other key", person, link.hostId, sentBack(line))).toBeNull();
	});

	it.each([null, "", "__Host-opta-new-invite=", "__Host-opta-new-invite=x", sentBack(dropNewLink())])("is none in %j", (header) => {
		expect(readNewLink(portalKey, person, link.hostId, header)).toBeNull();
	});
});

describe("a link that somebody opened", () => {
	it("stays for an hour, also over the way back from a mail", () => {
		const line = holdLink(link.secret);
		expect(line).toMatch(/; Path=\/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax$/);
		expect(readHeldLink(sentBack(line))).toBe(link.secret);
	});

	it.each([null, "", "__Host-opta-invite=short", `__Host-opta-invite=${"s".repeat(44)}`, sentBack(dropHeldLink())])(
		"is none in %j",
		(header) => {
			expect(readHeldLink(header)).toBeNull();
		},
	);
});
