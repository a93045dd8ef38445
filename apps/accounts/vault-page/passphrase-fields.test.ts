import { expect, it } from "vitest";
import { passphraseProblem } from "./passphrase-fields.tsx";

it.each([
	["seven tall towers", "seven tall towers", null],
	["Größe und Fülle", "Größe und Fülle".normalize("NFD"), null],
	["👩‍👩‍👧‍👦 short", "👩‍👩‍👧‍👦 short", null],
	["too short", "too short", /at least 12/],
	["aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", /different characters/],
	["seven tall towers", "seven tall tower", /differ/],
])("of %j and %j it says %s", (passphrase, repeated, problem) => {
	const said = passphraseProblem(passphrase, repeated);
	if (problem === null) {
		expect(said).toBeNull();
	} else {
		expect(said).toMatch(problem);
	}
});
