import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRecoveryKey, formatRecoveryKey, parseRecoveryKey } from "./recovery-key.ts";

describe("a recovery key", () => {
	it("is nine groups of four characters, and comes back however it is typed", async () => {
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ minLength: 20, maxLength: 20 }), async (random) => {
				const key = new Uint8Array(random);
				const printed = await formatRecoveryKey(key);
				expect(printed).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){8}$/);
				const typed = printed.toLowerCase().replaceAll("-", "  ").replaceAll("0", "o").replaceAll("1", "l");
				expect(await parseRecoveryKey(typed)).toEqual(key);
			}),
		);
	});

	it("with one character wrong is noticed, at every place", async () => {
		const printed = await formatRecoveryKey(createRecoveryKey());
		for (const [at, character] of [...printed].entries()) {
			if (character !== "-") {
				const typed = `${printed.slice(0, at)}${character === "7" ? "8" : "7"}${printed.slice(at + 1)}`;
				await expect(parseRecoveryKey(typed)).rejects.toMatchObject({ reason: "mistyped_recovery_key" });
			}
		}
	});

	it("with two neighbours swapped is noticed", async () => {
		const printed = "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ-";
		const key = new Uint8Array(20).map((_, at) => at * 11);
		const right = await formatRecoveryKey(key);
		expect(right).not.toContain(printed);
		const at = [...right].findIndex((character, index) => index % 5 < 3 && character !== right[index + 1]);
		const swapped = right.slice(0, at) + right[at + 1] + right[at] + right.slice(at + 2);
		await expect(parseRecoveryKey(swapped)).rejects.toMatchObject({ reason: "mistyped_recovery_key" });
	});

	it.each(["", "ABCD", "U".repeat(36), `${"0".repeat(35)}!`, "0".repeat(37)])("is not %j", async (text) => {
		await expect(parseRecoveryKey(text)).rejects.toMatchObject({ reason: "mistyped_recovery_key" });
	});
});
