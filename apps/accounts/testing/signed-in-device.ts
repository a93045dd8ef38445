import { createHash, randomBytes } from "node:crypto";
import type { CredentialStore, DeviceCredential } from "@opta/auth/cli-login/credential";
import { type DeviceSession, openDeviceSession } from "@opta/auth/cli-login/device-session";
import { credentialOf, requestToken } from "@opta/auth/cli-login/request-token";
import { createDeviceKey, thumbprintOf } from "@opta/auth/device-credential/device-key";
import { readApproval } from "../devices/approval-cookie.ts";
import { approveTerminal } from "../devices/approve-terminal.ts";
import type { AccountsBench } from "./accounts-bench.ts";
import type { Visitor } from "./visitor.ts";

/** A device that somebody signed in through the browser, with its credential in memory. */
export interface SignedInDevice {
	readonly credential: DeviceCredential;
	readonly session: DeviceSession;
}

function keepInMemory(first: DeviceCredential): CredentialStore {
	let kept: DeviceCredential | null = first;
	return {
		read: async () => kept,
		write: async (credential) => {
			kept = credential;
		},
		remove: async () => {
			kept = null;
		},
		exclusively: (work) => work(),
	};
}

/** Signs a device in; the routes of devices are to be served where the bench's addressing says. */
export async function signInDaemon({ context }: AccountsBench, visitor: Visitor, name = "Laptop"): Promise<SignedInDevice> {
	const { addressing } = context.configuration;
	const key = await createDeviceKey();
	const codeVerifier = randomBytes(32).toString("base64url");
	const challenge = createHash("sha256").update(codeVerifier).digest("base64url");
	const state = randomBytes(24).toString("base64url");
	const asked = { challenge, state, key: await thumbprintOf(key), name, kind: "daemon" };
	await visitor.post(approveTerminal, { ...asked, decision: "approve" });
	const code = readApproval(visitor.cookieHeader)?.code ?? "";
	visitor.cookies.delete("__Host-opta-approval");
	const answer = await requestToken(addressing, key, { grantType: "code", code, codeVerifier });
	if (!answer.ok) {
		throw new Error(`The device was not signed in: ${answer.message}`);
	}
	const credential = credentialOf(addressing, key, answer.value);
	return { credential, session: openDeviceSession(addressing, keepInMemory(credential)) };
}
