import { expect, it } from "vitest";
import { GrammarCache } from "./grammar-cache.ts";

function schema(maximum: number) {
	return {
		response_format: { type: "json_schema" as const, json_schema: { name: "n", schema: { type: "integer", minimum: 0, maximum } } },
	};
}

it("makes the same grammar once, forgets the oldest, and confuses nothing", () => {
	const cache = new GrammarCache();
	const first = cache.get(schema(1), null, "plain");
	expect(cache.get(schema(1), null, "plain")).toBe(first);
	expect(cache.get(schema(2), null, "plain")).not.toEqual(first);
	for (let maximum = 2; maximum < 80; maximum++) {
		cache.get(schema(maximum), null, "plain");
	}
	const again = cache.get(schema(1), null, "plain");
	expect(again).not.toBe(first);
	expect(again).toEqual(first);
	expect(cache.get({}, null, "plain")).toEqual({ ok: true, value: null });
});
