import { expect, it } from "vitest";
import { WrongKeys } from "./wrong-keys.ts";

it("stops a client that tries many keys until its minute is over, and nobody else", () => {
	const wrong = new WrongKeys();
	for (let tries = 1; tries <= 20; tries++) {
		expect(wrong.blockedForMs("a", 1000)).toBeNull();
		wrong.add("a", 1000);
	}
	expect(wrong.blockedForMs("a", 2000)).toBe(59_000);
	expect(wrong.blockedForMs("b", 2000)).toBeNull();
	expect(wrong.blockedForMs("a", 61_000)).toBeNull();
	wrong.add("a", 61_000);
	expect(wrong.blockedForMs("a", 61_000)).toBeNull();
});

it("remembers a bounded number of clients", () => {
	const wrong = new WrongKeys();
	for (let tries = 0; tries < 20; tries++) {
		wrong.add("first", 0);
	}
	for (let client = 0; client < 10_000; client++) {
		wrong.add(`client ${client}`, 1);
	}
	expect(wrong.blockedForMs("first", 2)).toBeNull();
});
