import { siteOrigin } from "@opta/contracts/site-url";
import { expect, it } from "vitest";
import { addressingOf } from "./accounts-addressing.ts";

it("gives back the origin that is configured", () => {
	for (const origin of [
		"https://accounts.optalocal.com",
		"http://accounts.optalocal.localhost:3003",
		"http://accounts.optalocal.localhost:4003",
	]) {
		expect(siteOrigin(addressingOf(origin)!, "accounts")).toBe(origin);
	}
});

it("refuses what is no accounts site", () => {
	expect(addressingOf("https://example.com")).toBeNull();
});
