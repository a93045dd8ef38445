import { passAlgorithm } from "@opta/contracts/pass";
import { importJWK, type JWK } from "jose";

/** True for a public key that is a point of P-256: a schema sees its form only. */
export async function isCurvePoint(key: JWK): Promise<boolean> {
	return importJWK(key, passAlgorithm).then(
		() => true,
		() => false,
	);
}
