import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerHostClaim } from "../claim/answer-host-claim.ts";
import { requestDeletion } from "../data/delete-account.ts";
import { answerUserCode } from "../devices/answer-user-code.ts";
import { approveTerminal } from "../devices/approve-terminal.ts";
import { signIn } from "../forms/sign-in.ts";
import { changePassword } from "../security/change-password.ts";
import { type AccountsBench, startAccountsBench } from "../testing/accounts-bench.ts";
import { signedUp, Visitor } from "../testing/visitor.ts";
import { forgetNewCodes } from "./forget-new-codes.ts";
import { confirmTotp, readTotp, removeTotp, startTotp } from "./manage-totp.ts";
import { readNewCodes } from "./new-codes-cookie.ts";
import { passkeyOptions } from "./passkey-options.ts";
import { proveSecondFactor } from "./prove.ts";
import { readPasskeys } from "./read-passkeys.ts";
import { showRecoveryCode } from "./recovery-codes.ts";
import { verifyPasskey } from "./verify-passkey.ts";

const password = "correct horse battery";
let bench: AccountsBench;

beforeAll(async () => {
	bench = await startAccountsBench();
});

afterAll(() => bench.stop());

function userIdOf(visitor: Visitor): string {
	return JSON.parse(Buffer.from(visitor.tokens.accessToken.split(".")[1]!, "base64url").toString("utf8")).sub;
}

/** The app of a person; `ahead` asks for the code of a later step, since every code is good once. */
async function appOf(visitor: Visitor): Promise<(ahead: number) => string> {
	const factor = await readTotp(bench.context, userIdOf(visitor), visitor.tokens.accessToken);
	if (factor === null || factor === "unavailable") {
		throw new Error("There is no factor.");
	}
	const totp = new TOTP({ secret: new Secret({ buffer: new Uint8Array(factor.secret).buffer }) });
	return (ahead) => totp.generate({ timestamp: Date.now() + ahead * 30_000 });
}

async function enrolled(email: string): Promise<{ visitor: Visitor; code: (ahead: number) => string; recovery: readonly string[] }> {
	const visitor = await signedUp(bench, email);
	expect((await visitor.post(startTotp, { password })).pathname).toBe("/security/authenticator");
	const code = await appOf(visitor);
	expect((await visitor.post(confirmTotp, { code: "000000" })).searchParams.get("error")).toBe("code_wrong");
	expect((await visitor.post(confirmTotp, { code: code(-1) })).pathname).toBe("/security/recovery-codes");
	const recovery = readNewCodes(bench.context.portal.key, userIdOf(visitor), visitor.cookieHeader);
	await visitor.post(forgetNewCodes, {});
	expect(readNewCodes(bench.context.portal.key, userIdOf(visitor), visitor.cookieHeader)).toBeNull();
	return { visitor, code, recovery: recovery ?? [] };
}

/** The same person in another browser: right password, nothing proved there. */
async function elsewhere(email: string): Promise<Visitor> {
	const visitor = new Visitor(bench);
	await visitor.post(signIn, { email, password });
	return visitor;
}

describe("an enrolled second factor", () => {
	it("is asked for before what a stolen password must not do, and a code is good once", async () => {
		const { code } = await enrolled("app@example.org");
		const thief = await elsewhere("app@example.org");
		const terminal = {
			challenge: "c".repeat(43),
			state: "s".repeat(32),
			key: "k".repeat(43),
			name: "Thief",
			kind: "cli",
			decision: "approve",
		};
		for (const wish of [
			await thief.post(changePassword, { password, new_password: "the thief's own" }),
			await thief.post(removeTotp, { password }),
			await thief.post(requestDeletion, { password, confirm: "app@example.org" }),
			await thief.post(approveTerminal, terminal),
			await thief.post(answerUserCode, { code: "BCDF-GHJK", decision: "approve" }),
			await thief.post(answerHostClaim, { code: "BCDF-GHJK", decision: "approve" }),
		]) {
			expect(wish.pathname).toBe("/security/prove");
		}
		const used = code(0);
		const proved = await thief.post(proveSecondFactor, { code: used, redirect_to: "/cli?challenge=x" });
		expect(proved.pathname + proved.search).toBe("/cli?challenge=x");
		expect((await thief.post(approveTerminal, terminal)).pathname).toBe("/cli/approved");
		const again = await elsewhere("app@example.org");
		expect((await again.post(proveSecondFactor, { code: used })).searchParams.get("error")).toBe("code_wrong");
	});

	it("can be replaced by a recovery code, once", async () => {
		const { recovery } = await enrolled("lost@example.org");
		expect(recovery).toHaveLength(10);
		const visitor = await elsewhere("lost@example.org");
		expect((await visitor.post(proveSecondFactor, { code: showRecoveryCode(recovery[0]!) })).pathname).toBe("/security");
		expect((await visitor.post(removeTotp, { password })).searchParams.get("done")).toBe("factor-removed");
		const other = await elsewhere("lost@example.org");
		expect((await other.post(proveSecondFactor, { code: recovery[0]! })).searchParams.get("error")).toBe("code_wrong");
	});

	it("is guessed at no more than five times in five minutes", async () => {
		await enrolled("guess@example.org");
		const thief = await elsewhere("guess@example.org");
		const errors: (string | null)[] = [];
		for (let guess = 0; guess < 7; guess++) {
			errors.push((await thief.post(proveSecondFactor, { code: String(100_000 + guess) })).searchParams.get("error"));
		}
		expect(errors[0]).toBe("code_wrong");
		expect(errors.at(-1)).toBe("too_many");
	});

	it("stands in no readable form in the database", async () => {
		const { visitor } = await enrolled("sealed@example.org");
		const answer = await bench.context.portal.call("read_totp", {}, visitor.tokens.accessToken);
		const [row] = (answer.state === "ok" ? answer.data : []) as { sealed_secret: string }[];
		const factor = await readTotp(bench.context, userIdOf(visitor), visitor.tokens.accessToken);
		const secret = factor !== null && factor !== "unavailable" ? Buffer.from(factor.secret) : Buffer.alloc(1);
		expect(Buffer.from(row!.sealed_secret, "base64url").includes(secret)).toBe(false);
		const nobody = await bench.context.portal.call("read_totp", {});
		expect(nobody.state).toBe("refused");
	});
});

describe("passkeys", () => {
	const call = (visitor: Visitor, body: unknown, origin = "http://accounts.optalocal.localhost:3003") => {
		const text = JSON.stringify(body);
		const headers = { origin, cookie: visitor.cookieHeader, "content-type": "application/json", "content-length": String(text.length) };
		return new Request("http://localhost:3003/x", { method: "POST", body: text, headers });
	};

	it("are offered to the person's own pages only, and a made-up answer proves nothing", async () => {
		const visitor = await signedUp(bench, "passkey@example.org");
		expect((await passkeyOptions(bench.context, call(visitor, { purpose: "prove" }, "https://evil.example"))).status).toBe(403);
		const options = await passkeyOptions(bench.context, call(visitor, { purpose: "register" }));
		expect(await options.json()).toMatchObject({ rp: { id: "accounts.optalocal.localhost" }, user: { name: "passkey@example.org" } });
		const response = { id: "a".repeat(22), rawId: "a".repeat(22), type: "public-key", response: {}, clientExtensionResults: {} };
		expect((await verifyPasskey(bench.context, call(visitor, { response }))).status).toBe(403);
	});

	it("are good while their counter rises, for their person, and until they are removed", async () => {
		const [ann, ben] = [await signedUp(bench, "ann-key@example.org"), await signedUp(bench, "ben-key@example.org")];
		const rpc = async (visitor: Visitor, name: string, values: Record<string, unknown>) => {
			const answer = await bench.context.portal.call(name, values, visitor.tokens.accessToken);
			return answer.state === "ok" ? answer.data : answer.state;
		};
		const id = "k".repeat(22);
		const key = { id, name: "Laptop", public_key: "pQ", counter: 1, transports: ["internal"] };
		expect(await rpc(ann, "add_passkey", key)).toBe(true);
		expect(await rpc(ben, "add_passkey", key)).toBe(false);
		expect(await rpc(ann, "use_passkey", { id, new_counter: 2 })).toBe(true);
		expect(await rpc(ann, "use_passkey", { id, new_counter: 2 })).toBe(false);
		expect(await rpc(ben, "use_passkey", { id, new_counter: 3 })).toBe(false);
		expect((await readPasskeys(bench.context, ann.tokens))?.map(({ name }) => name)).toEqual(["Laptop"]);
		expect(await readPasskeys(bench.context, ben.tokens)).toEqual([]);
		expect(await rpc(ben, "remove_passkey", { id })).toBe(false);
		expect(await rpc(ann, "remove_passkey", { id })).toBe(true);
	});
});
