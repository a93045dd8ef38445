import { randomBytes, randomUUID, randomUUIDv7 } from "node:crypto";
import { chmod, link, mkdir, open, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import { z } from "zod";
import { StartError } from "./start-error.ts";

const localSecretsSchema = z.strictObject({
	/** Signs and verifies access tokens (HS256) on the embedded platform. */
	jwtSecret: z.string().min(32),
	/** `apikey` of requests as nobody or as the signed-in person. */
	publishableKey: z.string().startsWith("sb_publishable_"),
	/** `apikey` that passes every policy. For operators' commands only. */
	secretKey: z.string().startsWith("sb_secret_"),
	/** Private P-256 key (JWK, RFC 7517) that accounts signs passes with. */
	passSigningKey: z.strictObject({
		kty: z.literal("EC"),
		crv: z.literal("P-256"),
		x: z.string(),
		y: z.string(),
		d: z.string(),
		alg: z.literal("ES256"),
		use: z.literal("sig"),
		kid: z.string().min(1),
	}),
	/** Id of this machine's host, UUIDv7. */
	hostId: z.uuid(),
});

/** What one machine's platform keeps to itself: `<state folder>/secrets.json`, readable by its user only. */
export type LocalSecrets = z.infer<typeof localSecretsSchema>;

/** Where a state folder keeps its secrets. */
export function secretsFile(stateDir: string): string {
	return path.join(stateDir, "secrets.json");
}

async function makeSecrets(): Promise<LocalSecrets> {
	const { privateKey } = await generateKeyPair("ES256", { extractable: true });
	const { x, y, d } = await exportJWK(privateKey);
	if (x === undefined || y === undefined || d === undefined) {
		throw new StartError("This Node cannot export the signing key of accounts. Use the Node that package.json pins.");
	}
	const publicKey = { kty: "EC", crv: "P-256", x, y } as const;
	return {
		jwtSecret: randomBytes(48).toString("base64url"),
		publishableKey: `sb_publishable_${randomBytes(24).toString("base64url")}`,
		secretKey: `sb_secret_${randomBytes(32).toString("base64url")}`,
		passSigningKey: { ...publicKey, d, alg: "ES256", use: "sig", kid: await calculateJwkThumbprint(publicKey) },
		hostId: randomUUIDv7(),
	};
}

function errorCode(error: unknown): string | undefined {
	return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** Writes the file whole or not at all, and never over one that another process has made meanwhile. */
async function writeOnce(file: string, text: string): Promise<void> {
	const draft = `${file}.${randomUUID()}`;
	try {
		const handle = await open(draft, "wx", 0o600);
		try {
			await handle.writeFile(text);
			await handle.sync();
		} finally {
			await handle.close();
		}
		await link(draft, file);
	} catch (error) {
		if (errorCode(error) !== "EEXIST") {
			throw error;
		}
	} finally {
		await rm(draft, { force: true });
	}
}

async function readSecrets(file: string): Promise<LocalSecrets | null> {
	let text: string;
	try {
		text = await readFile(file, "utf8");
	} catch (error) {
		if (errorCode(error) === "ENOENT") {
			return null;
		}
		throw new StartError(`${file} cannot be read (${errorCode(error) ?? "unknown error"}). Give its user the right to read it.`);
	}
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		value = null;
	}
	const parsed = localSecretsSchema.safeParse(value);
	if (!parsed.success) {
		const part = parsed.error.issues[0]?.path.join(".") ?? "";
		throw new StartError(
			`${file} is damaged${part === "" ? "" : ` (${part})`}. Restore it from a backup, or remove it to make new secrets: everybody then signs in again.`,
		);
	}
	await chmod(file, 0o600);
	return parsed.data;
}

/**
 * Reads the secrets of a state folder and makes them first where there are none. Several processes may call it at once:
 * all get the same. Throws `StartError` where the file is damaged or the folder cannot be written.
 */
export async function ensureLocalSecrets(stateDir: string): Promise<LocalSecrets> {
	const file = secretsFile(stateDir);
	const existing = await readSecrets(file);
	if (existing !== null) {
		return existing;
	}
	try {
		await mkdir(stateDir, { recursive: true, mode: 0o700 });
		await writeOnce(file, `${JSON.stringify(await makeSecrets(), null, "\t")}\n`);
	} catch (error) {
		if (error instanceof StartError) {
			throw error;
		}
		throw new StartError(`${file} cannot be written (${errorCode(error) ?? "unknown error"}). Choose another folder with --state-dir.`);
	}
	const made = await readSecrets(file);
	if (made === null) {
		throw new StartError(`${file} disappeared while it was made. Start again.`);
	}
	return made;
}
