import { chmod, mkdir, mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { importJWK, jwtVerify, SignJWT } from "jose";
import { beforeEach, describe, expect, it } from "vitest";
import { ensureLocalSecrets, secretsFile } from "./local-secrets.ts";

let stateDir: string;
beforeEach(async () => {
	stateDir = path.join(await mkdtemp(path.join(tmpdir(), "opta-secrets-")), "home");
});

describe("ensureLocalSecrets", () => {
	it("makes them once, for the user's eyes only", async () => {
		const made = await ensureLocalSecrets(stateDir);
		expect(await ensureLocalSecrets(stateDir)).toEqual(made);
		expect((await stat(secretsFile(stateDir))).mode & 0o777).toBe(0o600);
		expect(await readdir(stateDir)).toEqual(["secrets.json"]);
	});

	it("makes others in another folder", async () => {
		const here = await ensureLocalSecrets(stateDir);
		const there = await ensureLocalSecrets(`${stateDir}-2`);
		for (const name of ["jwtSecret", "publishableKey", "secretKey", "hostId"] as const) {
			expect(there[name]).not.toBe(here[name]);
		}
		expect(there.passSigningKey.kid).not.toBe(here.passSigningKey.kid);
	});

	it("gives everybody the same when several ask at once", async () => {
		const all = await Promise.all(Array.from({ length: 6 }, () => ensureLocalSecrets(stateDir)));
		expect(new Set(all.map((secrets) => secrets.hostId)).size).toBe(1);
		expect(await readdir(stateDir)).toEqual(["secrets.json"]);
	});

	it("makes a key that signs what its public half verifies", async () => {
		const { passSigningKey } = await ensureLocalSecrets(stateDir);
		const { d: _private, ...publicKey } = passSigningKey;
		const token = await new SignJWT({}).setProtectedHeader({ alg: "ES256", kid: passSigningKey.kid }).sign(await importJWK(passSigningKey));
		await expect(jwtVerify(token, await importJWK(publicKey), { algorithms: ["ES256"] })).resolves.toBeDefined();
	});

	it("closes a file that others could read", async () => {
		await ensureLocalSecrets(stateDir);
		await chmod(secretsFile(stateDir), 0o644);
		await ensureLocalSecrets(stateDir);
		expect((await stat(secretsFile(stateDir))).mode & 0o777).toBe(0o600);
	});

	it.each(["", "{", "{}", '{"jwtSecret":"short"}'])("refuses a damaged file (%j) and leaves it as it is", async (text) => {
		await mkdir(stateDir);
		await writeFile(secretsFile(stateDir), text);
		await expect(ensureLocalSecrets(stateDir)).rejects.toThrow(/secrets\.json is damaged.*Restore it/);
		expect(await readFile(secretsFile(stateDir), "utf8")).toBe(text);
	});

	it("says so where the folder cannot be made", async () => {
		await writeFile(stateDir, "a file");
		await expect(ensureLocalSecrets(stateDir)).rejects.toThrow(/cannot be (read|written).*/);
	});
});
