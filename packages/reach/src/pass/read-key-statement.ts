import { passAlgorithm, passKeysLifetimeSeconds, passKeysType } from "@opta/contracts/pass";
import { type PassKey, passKeysClaimsSchema } from "@opta/contracts/schema/pass";
import { createLocalJWKSet, errors, jwtVerify } from "jose";
import { clockToleranceSeconds } from "./clock-tolerance.ts";
import { isCurvePoint } from "./is-curve-point.ts";

/**
 * Reads accounts' statement about its keys. Null unless a key that is pinned already has signed it, a moment ago, for
 * these accounts, and every key in it is a point of P-256: so trust goes from key to key and never begins anew.
 */
export async function readKeyStatement(
	statement: string,
	{ issuer, pinned }: { readonly issuer: string; readonly pinned: readonly PassKey[] },
): Promise<readonly PassKey[] | null> {
	try {
		const { payload, protectedHeader } = await jwtVerify(statement, createLocalJWKSet({ keys: [...pinned] }), {
			algorithms: [passAlgorithm],
			typ: passKeysType,
			issuer,
			clockTolerance: clockToleranceSeconds,
			maxTokenAge: passKeysLifetimeSeconds,
			requiredClaims: ["iat", "exp"],
		});
		const claims = passKeysClaimsSchema.safeParse(payload);
		if (protectedHeader.kid === undefined || !claims.success) {
			return null;
		}
		const { keys } = claims.data;
		const areDistinct = new Set(keys.map(({ kid }) => kid)).size === keys.length;
		return areDistinct && (await Promise.all(keys.map(isCurvePoint))).every(Boolean) ? keys : null;
	} catch (error) {
		if (error instanceof errors.JOSEError) {
			return null;
		}
		throw error;
	}
}
