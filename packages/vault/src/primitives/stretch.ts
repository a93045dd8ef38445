import type { PassphraseCost } from "@opta/contracts/schema/vault";
import { leastPassphraseCost, mostPassphraseCost } from "@opta/contracts/vault-limits";
import { argon2id } from "hash-wasm";
import { decodeBase64Url } from "../encoding/base64url.ts";
import type { Bytes } from "../encoding/bytes.ts";
import { VaultError } from "../vault-error.ts";

const saltBytes = 16;
const measures = ["memoryKiB", "iterations", "parallelism"] as const;

/**
 * Refuses a cost below the floor, whatever the server says, and one that would only keep this machine busy.
 * @throws {VaultError} `weak_passphrase_cost`
 */
export function checkPassphraseCost(cost: PassphraseCost): void {
	const isRight = (measure: (typeof measures)[number]): boolean => {
		const value: unknown = cost[measure];
		return Number.isSafeInteger(value) && cost[measure] >= leastPassphraseCost[measure] && cost[measure] <= mostPassphraseCost[measure];
	};
	if (cost.algorithm !== "argon2id" || !measures.every(isRight)) {
		throw new VaultError(
			"weak_passphrase_cost",
			"The server asks to protect the passphrase less than this vault does. The passphrase was not used; do not trust this server.",
		);
	}
}

/**
 * Argon2id (RFC 9106) of a passphrase: 32 bytes. The passphrase is normalised first (NFKC), so that it is the same from
 * every keyboard. Takes about half a second; browsers run it in a worker.
 * @throws {VaultError} `weak_passphrase_cost` before the passphrase is used.
 */
export async function stretchPassphrase(passphrase: string, cost: PassphraseCost): Promise<Bytes> {
	checkPassphraseCost(cost);
	const stretched = await argon2id({
		password: passphrase.normalize("NFKC"),
		salt: decodeBase64Url(cost.salt, saltBytes),
		memorySize: cost.memoryKiB,
		iterations: cost.iterations,
		parallelism: cost.parallelism,
		hashLength: 32,
		outputType: "binary",
	});
	return new Uint8Array(stretched);
}
