import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AccessQuestion, levelOf, refusalOf } from "./decide-access.ts";

const question = fc.record({
	level: fc.constantFrom("open", "inference", "admin"),
	isLocal: fc.boolean(),
	isForeignPage: fc.boolean(),
	owner: fc.constantFrom(null, { kind: "admin" } as const, { kind: "client", name: "k" } as const),
	needsClientKey: fc.boolean(),
	isAdminOpen: fc.boolean(),
}) satisfies fc.Arbitrary<AccessQuestion>;

const passes = (asked: AccessQuestion): boolean => refusalOf(asked) === null;

describe("refusalOf", () => {
	it("asks programs of this machine for nothing", () => {
		fc.assert(fc.property(question, (asked) => passes({ ...asked, isLocal: true, isForeignPage: false })));
	});

	it("never opens the admin API on the LAN without its key, unless the configuration does", () => {
		fc.assert(
			fc.property(question, (asked) => {
				const onLan = { ...asked, level: "admin", isLocal: false, isAdminOpen: false } as const;
				expect(passes(onLan)).toBe(asked.owner?.kind === "admin");
			}),
		);
	});

	it("never opens the admin API to a page of another origin without its key", () => {
		fc.assert(
			fc.property(question, (asked) => {
				expect(passes({ ...asked, level: "admin", isForeignPage: true })).toBe(asked.owner?.kind === "admin");
			}),
		);
	});

	it("opens inference on the LAN without keys, and to any key where there are some", () => {
		fc.assert(
			fc.property(question, (asked) => {
				const onLan = { ...asked, level: "inference", isLocal: false } as const;
				expect(passes(onLan)).toBe(!asked.needsClientKey || asked.owner !== null);
			}),
		);
	});

	it("takes no key for another one: what opens without a key opens with any", () => {
		fc.assert(fc.property(question, (asked) => !passes({ ...asked, owner: null }) || passes(asked)));
	});
});

describe("levelOf", () => {
	it("leaves a route that nobody thought of to the admin", () => {
		expect(["/metrics", "/admin/status", "/new", "/v1", "/v10/x", "/healthz/", "/docs2"].map(levelOf)).toEqual(Array(7).fill("admin"));
		expect(["/v1/models", "/v1/models/:id", "/tokenize"].map(levelOf)).toEqual(Array(3).fill("inference"));
		expect(["/healthz", "/*"].map(levelOf)).toEqual(["open", "open"]);
	});
});
