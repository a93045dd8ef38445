/** Version of every sealed form of the vault; clients refuse any other. */
export const vaultFormatVersion = 1;

/**
 * Argon2id of the passphrase (RFC 9106, the memory-constrained choice with four lanes). Every vault was made with at least
 * this, so clients refuse less: a server that asks for less wants the passphrase to be guessed.
 */
export const leastPassphraseCost = { memoryKiB: 65_536, iterations: 3, parallelism: 4 } as const;

/** Above this a server would only keep the browser busy. */
export const mostPassphraseCost = { memoryKiB: 1_048_576, iterations: 16, parallelism: 16 } as const;

/** Characters of a sealed field in base64url: a value of 1 MB with its padding. */
export const longestSealedCharacters = 1_450_000;

/** Characters of a sealed summary in base64url. */
export const longestSummaryCharacters = 16_384;

/** Item versions in one write. */
export const mostItemsInOneWrite = 100;

/** Bytes of a write as JSON. */
export const largestVaultWriteBytes = 1_900_000;

/** Item versions in one answer. */
export const mostItemsInOneAnswer = 200;

/** Items that a vault holds, deleted ones included. */
export const mostItemsInVault = 10_000;

/** Devices that can open a vault at a time. */
export const mostVaultDevices = 50;

/** A pairing ends after this. */
export const pairingLifetimeMs = 300_000;

/** Pairings of one person that may be open at a time. */
export const mostOpenPairings = 5;

/** Bytes of a relay request as JSON. */
export const largestRelayRequestBytes = 4_096;
