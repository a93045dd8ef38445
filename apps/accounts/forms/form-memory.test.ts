import { describe, expect, it } from "vitest";
import { keepFormMemory, readFormMemory } from "./form-memory.ts";

function sentBack(line: string): string {
	return `theme=dark; ${line.split(";")[0]}`;
}

describe("the memory of a form", () => {
	it("keeps what was typed, for this site's server only", () => {
		const line = keepFormMemory({ email: "ädä@example.org", name: "Ädä; Lovelace", redirectTo: "http://lmx.optalocal.localhost:3004/" });
		expect(readFormMemory(sentBack(line))).toEqual({
			email: "ädä@example.org",
			name: "Ädä; Lovelace",
			redirectTo: "http://lmx.optalocal.localhost:3004/",
		});
		expect(line).toMatch(/^__Host-opta-form=[\w-]+; Path=\/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax$/);
	});

	it("is empty when there is none, when it is broken, and when a value is far too long", () => {
		const empty = { email: "", name: "", redirectTo: "" };
		for (const header of [null, "", "__Host-opta-form=x", "__Host-opta-form=", sentBack(keepFormMemory({ email: "x".repeat(300) }))]) {
			expect(readFormMemory(header)).toEqual(empty);
		}
	});
});
