import { expect, it } from "vitest";
import { createRecoveryCodes, readRecoveryCode, recoveryCodeHash, showRecoveryCode } from "./recovery-codes.ts";

it("are ten different codes that are read however they are typed", () => {
	const codes = createRecoveryCodes();
	expect(new Set(codes).size).toBe(10);
	for (const code of codes) {
		const lookAlike = showRecoveryCode(code).toLowerCase().replaceAll("0", "o").replaceAll("1", "l");
		expect([readRecoveryCode(showRecoveryCode(code)), readRecoveryCode(` ${lookAlike} `)]).toEqual([code, code]);
	}
});

it("keep nothing that is typed wrongly, and hash differently for everybody", () => {
	for (const typed of ["", "7KQ2M", "7KQ2M-0XD4U", "7KQ2M-0XD411"]) {
		expect(readRecoveryCode(typed)).toBeNull();
	}
	expect(recoveryCodeHash("ann", "7KQ2M0XD41")).not.toBe(recoveryCodeHash("ben", "7KQ2M0XD41"));
});
