import { expect, it } from "vitest";
import { createLanPlace, pageOfQuery } from "./lan-place.ts";

it.each([
	["", "overview"],
	["?page=chat", "chat"],
	["?page=chat&x=1", "chat"],
	["?page=doctor", "doctor"],
	["?page=devices", "overview"],
	["?page=constructor", "overview"],
])("the query %j opens the %s", (query, page) => {
	expect(pageOfQuery(query)).toBe(page);
});

it("links to the pages that those queries open", () => {
	const place = createLanPlace({
		hostName: "mono512.local",
		hostKey: { current: () => null, refused: () => undefined },
		signIn: { kind: "key", form: () => null },
	});
	for (const page of place.pages) {
		const address = new URL(place.pageHref(page, place.host.id), "http://mono512.local:1234");
		expect(pageOfQuery(address.search)).toBe(page);
	}
});
