import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { requestToken } from "@opta/auth/cli-login/request-token";
import { createDeviceKey, publicDeviceKey, thumbprintOf } from "@opta/auth/device-credential/device-key";
import { proveKey } from "@opta/auth/device-credential/key-proof";
import { hostClaimPath } from "@opta/contracts/reach";
import { siteUrl } from "@opta/contracts/site-url";
import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startHostClaim } from "../claim/start-host-claim.ts";
import { readApproval } from "../devices/approval-cookie.ts";
import { approveTerminal } from "../devices/approve-terminal.ts";
import { issueDeviceToken } from "../devices/issue-device-token.ts";
import { startDeviceCode } from "../devices/start-device-code.ts";
import { requestRecovery } from "../forms/request-recovery.ts";
import { signIn } from "../forms/sign-in.ts";
import { issuePass } from "../passes/issue-pass.ts";
import { confirmTotp, readTotp, startTotp } from "../second-factor/manage-totp.ts";
import { readNewCodes } from "../second-factor/new-codes-cookie.ts";
import { changePassword } from "../security/change-password.ts";
import { type AccountsBench, startAccountsBench } from "../testing/accounts-bench.ts";
import { serveRoutes } from "../testing/serve-routes.ts";
import { newestLink, signedUp, Visitor } from "../testing/visitor.ts";

/** What Supabase Auth itself looks up by its value, so that it cannot be hashed from outside; docs/security.md says what it opens. */
const keptByBackEnd = ["used mail link", "open mail link", "refresh token of the browser"];

const portBase = 23_500;
let bench: AccountsBench;
let stopRoutes: () => Promise<void>;
beforeAll(async () => {
	bench = await startAccountsBench(portBase);
	stopRoutes = await serveRoutes(portBase + 3, {
		"POST /api/device/token": (request) => issueDeviceToken(bench.context, request),
		"POST /api/device/code": (request) => startDeviceCode(bench.context, request),
		"POST /api/host/claim": (request) => startHostClaim(bench.context, request),
	});
});
afterAll(async () => {
	await stopRoutes();
	await bench.stop();
});

/** A host that waits to be claimed. */
async function askForClaim(): Promise<Record<string, string>> {
	const key = await createDeviceKey();
	const dpop = await proveKey(key, {
		method: "POST",
		url: siteUrl(bench.context.configuration.addressing, "accounts", hostClaimPath),
		secret: "",
	});
	const answer = await fetch(`http://127.0.0.1:${portBase + 3}${hostClaimPath}`, {
		method: "POST",
		headers: { "content-type": "application/json", dpop },
		body: JSON.stringify({ name: "Attic", version: "0.1.0", key: publicDeviceKey(key) }),
	});
	const { claimCode, userCode } = await answer.json();
	return {
		...{ "key of a host": key.d, "claim code of a host": claimCode },
		...{ "user code of a host": userCode, "bare user code of a host": userCode.replace("-", "") },
	};
}

/** Everything that opens something, by what it is; filled while a person uses their account. */
async function useEverything(email: string): Promise<Record<string, string>> {
	const { context } = bench;
	const [password, wrong, renewed] = ["first Passw0rd of Ada", "wrong Passw0rd of Ada", "second Passw0rd of Ada"];
	const visitor = await signedUp(bench, email, password);
	const firstLink = await newestLink(bench, email);
	await new Visitor(bench).post(signIn, { email, password: wrong });
	await visitor.post(changePassword, { password, new_password: renewed });
	await visitor.post(startTotp, { password: renewed });
	const userId = JSON.parse(Buffer.from(visitor.tokens.accessToken.split(".")[1] ?? "", "base64url").toString()).sub;
	const factor = await readTotp(context, userId, visitor.tokens.accessToken);
	if (factor === null || factor === "unavailable") {
		throw new Error("The authenticator app was not added.");
	}
	const secret = new Secret({ buffer: new Uint8Array(factor.secret).buffer });
	await visitor.post(confirmTotp, { code: new TOTP({ secret }).generate() });
	const recoveryCodes = readNewCodes(context.portal.key, userId, visitor.cookieHeader) ?? [];
	expect(recoveryCodes).toHaveLength(10);

	const key = await createDeviceKey();
	const codeVerifier = randomBytes(32).toString("base64url");
	const challenge = createHash("sha256").update(codeVerifier).digest("base64url");
	const link = { challenge, state: randomBytes(24).toString("base64url"), key: await thumbprintOf(key), name: "Laptop", kind: "cli" };
	await visitor.post(approveTerminal, { ...link, decision: "approve" });
	const approval = readApproval(visitor.cookieHeader);
	const unused = approval?.code ?? "";
	const first = await requestToken(context.configuration.addressing, key, { grantType: "code", code: unused, codeVerifier });
	if (!first.ok) {
		throw new Error("The device was not signed in.");
	}
	const { refreshToken } = first.value;
	const second = await requestToken(context.configuration.addressing, key, { grantType: "refresh", refreshToken });
	const body = JSON.stringify({ hostId: bench.hostId });
	const headers = { authorization: `Bearer ${second.ok ? second.value.accessToken : ""}`, "content-length": String(body.length) };
	const { pass } = await (await issuePass(context, new Request("http://localhost:3003/x", { method: "POST", headers, body }))).json();
	await new Visitor(bench).post(requestRecovery, { email });
	const claim = await askForClaim();
	return {
		...claim,
		password,
		"wrong password": wrong,
		"new password": renewed,
		"used mail link": firstLink.token_hash,
		"authenticator secret": secret.base32,
		"authenticator secret in hex": Buffer.from(factor.secret).toString("hex"),
		...Object.fromEntries(
			recoveryCodes.flatMap((code, index) => [
				[`recovery code ${index}`, code],
				[`bare recovery code ${index}`, code.replaceAll("-", "")],
			]),
		),
		"sign-in code of a device": unused,
		"PKCE verifier": codeVerifier,
		"key of a device": key.d,
		"first refresh token of a device": refreshToken,
		"second refresh token of a device": second.ok ? second.value.refreshToken : "",
		"access token of a device": second.ok ? second.value.accessToken : "",
		"access token of the browser": visitor.tokens.accessToken,
		"refresh token of the browser": visitor.tokens.refreshToken ?? "",
		"open mail link": (await newestLink(bench, email)).token_hash,
		"session cookie": [...visitor.cookies.values()][0] ?? "",
		pass,
		"key of the portal": context.portal.key,
		"secret key": bench.secretKey,
		"JWT secret": bench.jwtSecret,
	};
}

async function filesBelow(folder: string): Promise<Map<string, Buffer>> {
	const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
	return new Map(
		await Promise.all(
			entries.map(async (entry): Promise<[string, Buffer]> => {
				const file = path.join(entry.parentPath, entry.name);
				return [file, await readFile(file)];
			}),
		),
	);
}

it("a dump of the database and the log hold nothing that opens anything, but what the back end keeps of its own", async () => {
	const email = "dumped@example.org";
	const secrets = await useEverything(email);
	const hashed = (text: string) => createHash("sha256").update(text);
	const files = await filesBelow(path.join(bench.stateDir, "supabase", "data"));
	expect(files.size).toBeGreaterThan(100);
	files.set("the log", Buffer.from(bench.log()));
	const needles = {
		...secrets,
		"address as a bare hash": hashed(email).digest("hex"),
		"address as a bare hash in base64url": hashed(email).digest("base64url"),
	};
	const found: string[] = [];
	for (const [what, needle] of Object.entries(needles)) {
		expect(needle.length, what).toBeGreaterThanOrEqual(8);
		if ([...files.values()].some((bytes) => bytes.includes(needle))) {
			found.push(what);
		}
	}
	expect(found.filter((what) => !keptByBackEnd.includes(what))).toEqual([]);
	expect(keptByBackEnd.filter((what) => bench.log().includes(secrets[what] ?? ""))).toEqual([]);
});
