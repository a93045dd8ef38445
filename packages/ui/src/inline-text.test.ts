import { describe, expect, it } from "vitest";
import { parseInlineText } from "./inline-text.ts";

describe("parseInlineText", () => {
	it("keeps plain text whole", () => {
		expect(parseInlineText("Nothing special (at all) [here].")).toEqual([{ kind: "plain", text: "Nothing special (at all) [here]." }]);
	});

	it("finds names and links between plain text", () => {
		expect(parseInlineText("Run `npm start`, then see [ports](help:/network#ports).")).toEqual([
			{ kind: "plain", text: "Run " },
			{ kind: "code", text: "npm start" },
			{ kind: "plain", text: ", then see " },
			{ kind: "link", text: "ports", site: "help", path: "/network#ports" },
			{ kind: "plain", text: "." },
		]);
	});

	it("refuses a link to a site that does not exist", () => {
		expect(() => parseInlineText("[blog](blog:/)")).toThrow('"blog"');
	});
});
