import { parseInlineText } from "@opta/ui/inline-text.ts";
import { describe, expect, it } from "vitest";
import { localServices } from "./local-services.ts";
import { setupSections } from "./setup.ts";

describe("the set-up page", () => {
	it("gives every listener a port of its own", () => {
		const ports = localServices.map((service) => service.port);
		expect(new Set(ports).size).toBe(ports.length);
		expect(ports).toEqual([3001, 3002, 3003, 3004, 3005, 3006, 3007, 3008, 54_321, 54_324, 1234, 8788]);
	});

	it("links to sites that exist only, and has one anchor per section", () => {
		const texts = setupSections.flatMap((section) => section.blocks.flatMap((block) => ("text" in block ? [block.text] : [])));
		expect(texts.flatMap(parseInlineText).filter((piece) => piece.kind === "link").length).toBeGreaterThan(3);
		expect(new Set(setupSections.map(({ id }) => id)).size).toBe(setupSections.length);
	});
});
