import { readFileSync } from "node:fs";
import { type HostIdentity, hostIdentitySchema } from "@opta/contracts/schema/host";
import { isCurvePoint } from "../pass/is-curve-point.ts";
import { hostIdentityFile } from "./store-host-identity.ts";

/** The identity of this host, or one line for a person that names the file. */
export type HostIdentityResult =
	| { readonly ok: true; readonly identity: HostIdentity }
	| { readonly ok: false; readonly isMissing: boolean; readonly message: string };

/** A claim replaces no identity that may still be somebody's, so a damaged one goes out of the way first. */
const restore = "Restore it, or move it away and claim the host again.";

/** Checks an identity; what is wrong with it as the rest of a sentence, null when nothing is. */
export async function flawOfIdentity(content: unknown): Promise<string | null> {
	const parsed = hostIdentitySchema.safeParse(content);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		return `is not a host's identity: ${issue?.path.join(".") || "the file"}: ${issue?.message}.`;
	}
	for (const key of parsed.data.jwks.keys) {
		if (!(await isCurvePoint(key))) {
			return `pins a key (${key.kid}) that is not a point of P-256.`;
		}
	}
	return null;
}

/** Reads and checks `host.json` of a state folder. */
export async function readHostIdentity(stateDir: string): Promise<HostIdentityResult> {
	const file = hostIdentityFile(stateDir);
	const refuse = (what: string, isMissing = false): HostIdentityResult => ({ ok: false, isMissing, message: `${file} ${what}` });
	let content: unknown;
	try {
		content = JSON.parse(readFileSync(file, "utf8"));
	} catch (error) {
		if (error instanceof SyntaxError) {
			return refuse(`is not valid JSON. ${restore}`);
		}
		const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
		return missing
			? refuse("is missing. It says whose passes this host trusts; `npm start` writes it, and so does `npm run host -- claim`.", true)
			: refuse(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
	}
	const flaw = await flawOfIdentity(content);
	return flaw === null ? { ok: true, identity: hostIdentitySchema.parse(content) } : refuse(`${flaw} ${restore}`);
}
