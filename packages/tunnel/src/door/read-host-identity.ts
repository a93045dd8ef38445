import { readFileSync } from "node:fs";
import path from "node:path";
import { passAlgorithm } from "@opta/contracts/pass";
import { type HostIdentity, hostIdentitySchema } from "@opta/contracts/schema/host";
import { importJWK } from "jose";

/** The identity of this host, or one line for a person that names the file. */
export type HostIdentityResult = { readonly ok: true; readonly identity: HostIdentity } | { readonly ok: false; readonly message: string };

/** Reads and checks `host.json` of a state folder. */
export async function readHostIdentity(stateDir: string): Promise<HostIdentityResult> {
	const file = path.join(stateDir, "host.json");
	const refuse = (what: string): HostIdentityResult => ({ ok: false, message: `${file} ${what}` });
	let content: unknown;
	try {
		content = JSON.parse(readFileSync(file, "utf8"));
	} catch (error) {
		if (error instanceof SyntaxError) {
			return refuse("is not valid JSON. Restore it, or claim the host again.");
		}
		const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
		return refuse(
			missing
				? "is missing. It says whose passes this host trusts; `npm start` writes it, and so does claiming the host."
				: `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
		);
	}
	const parsed = hostIdentitySchema.safeParse(content);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		return refuse(
			`is not a host's identity: ${issue?.path.join(".") || "the file"}: ${issue?.message}. Restore it, or claim the host again.`,
		);
	}
	for (const key of parsed.data.jwks.keys) {
		const usable = await importJWK(key, passAlgorithm).then(
			() => true,
			() => false,
		);
		if (!usable) {
			return refuse(`pins a key (${key.kid}) that is not a point of P-256. Restore it, or claim the host again.`);
		}
	}
	return { ok: true, identity: parsed.data };
}
