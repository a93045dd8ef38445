import { sessionCookieName } from "@opta/contracts/session-cookie";
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccountsContext } from "./accounts-context.ts";
import { confirmAddress } from "./forms/confirm-address.ts";
import { requestRecovery } from "./forms/request-recovery.ts";
import { resendMail } from "./forms/resend-mail.ts";
import { signIn } from "./forms/sign-in.ts";
import { signOut } from "./forms/sign-out.ts";
import { signUp } from "./forms/sign-up.ts";
import { issuePass } from "./passes/issue-pass.ts";
import { changePassword } from "./security/change-password.ts";
import { confirmLink } from "./security/confirm-link.ts";
import { type AccountsBench, startAccountsBench } from "./testing/accounts-bench.ts";
import { newestLink, signedUp, Visitor } from "./testing/visitor.ts";

let bench: AccountsBench;
let context: AccountsContext;
let hostId: string;

beforeAll(async () => {
	bench = await startAccountsBench();
	({ context, hostId } = bench);
});

afterAll(() => bench.stop());

function askPass(accessToken: string, host = hostId): Promise<Response> {
	const body = JSON.stringify({ hostId: host });
	const headers = { authorization: `Bearer ${accessToken}`, "content-length": String(body.length) };
	return issuePass(context, new Request("http://localhost:3003/api/pass", { method: "POST", headers, body }));
}

describe("accounts on a real back end", () => {
	it("leads the first person from the form over the mail to a session, and makes them owner of the host", async () => {
		const ada = new Visitor(bench);
		const wanted = "http://lmx.optalocal.localhost:3004/chat";
		const checkMail = await ada.post(signUp, {
			name: "Ada Lovelace",
			email: "ada@example.org",
			password: "correct horse battery",
			redirect_to: wanted,
		});
		expect(checkMail.pathname).toBe("/check-mail");
		expect(ada.tokens.accessToken).toBe("");
		const early = await ada.post(signIn, { email: "ada@example.org", password: "correct horse battery", redirect_to: wanted });
		expect(early.searchParams.get("error")).toBe("unconfirmed");
		const arrived = await ada.post(confirmAddress, { ...(await newestLink(bench, "ada@example.org")), password: "correct horse battery" });
		expect(arrived.href).toBe(wanted);
		expect(await (await ada.session()).json()).toEqual({ signedIn: true, name: "Ada Lovelace", pictureUrl: null });
		expect(ada.cookies.get(sessionCookieName)!.length).toBeLessThan(2_000);

		const answer = await askPass(ada.tokens.accessToken);
		const { pass } = await answer.json();
		const { payload } = await jwtVerify(pass, createLocalJWKSet({ keys: [...context.signer.jwks.keys] }), { audience: `host:${hostId}` });
		expect(payload).toMatchObject({ role: "owner", sub: decodeJwt(ada.tokens.accessToken).sub });
	});

	it("answers the same for an address that has an account, and changes nothing in it", async () => {
		const stranger = new Visitor(bench);
		const known = await stranger.post(signUp, { email: "ada@example.org", password: "a stranger's password" });
		const fresh = await new Visitor(bench).post(signUp, { email: "nobody@example.org", password: "a stranger's password" });
		expect(known.href).toBe(fresh.href);
		const attempt = await stranger.post(signIn, { email: "ada@example.org", password: "a stranger's password" });
		expect(attempt.searchParams.get("error")).toBe("wrong_password");
	});

	it("shuts out a stranger who opened the account first, whichever mail link its owner used", async () => {
		for (const email of ["grace@example.org", "hedy@example.org"]) {
			const stranger = new Visitor(bench);
			await stranger.post(signUp, { email, password: "a stranger's password" });
			const owner = new Visitor(bench);
			if (email.startsWith("hedy")) {
				expect((await owner.post(resendMail, { email })).searchParams.get("sent")).toBe("again");
			}
			const link = await newestLink(bench, email);
			if (link.type === "magiclink") {
				expect((await owner.post(confirmLink, link)).searchParams.get("done")).toBe("first-link");
				await owner.post(changePassword, { new_password: "the owner's own" });
			} else {
				await owner.post(confirmAddress, { ...link, password: "the owner's own" });
			}
			expect(await (await owner.session()).json()).toMatchObject({ signedIn: true });
			expect((await stranger.post(signIn, { email, password: "a stranger's password" })).searchParams.get("error")).toBe("wrong_password");
			expect((await stranger.post(signIn, { email, password: "the owner's own" })).searchParams.get("error")).toBeNull();
		}
	});

	it("takes a mail link once, and not at all with a password that is too short", async () => {
		const visitor = new Visitor(bench);
		await visitor.post(signUp, { email: "once@example.org", password: "correct horse battery" });
		const link = await newestLink(bench, "once@example.org");
		const short = await visitor.post(confirmAddress, { ...link, password: "short" });
		expect([short.searchParams.get("error"), short.searchParams.get("token_hash")]).toEqual(["password_short", link.token_hash]);
		expect((await visitor.post(confirmAddress, { ...link, password: "correct horse battery" })).pathname).toBe("/");
		const again = await new Visitor(bench).post(confirmAddress, { ...link, password: "correct horse battery" });
		expect([again.searchParams.get("error"), again.searchParams.get("token_hash")]).toEqual(["link_over", null]);
	});

	it("rotates once for eight requests with one expired token, and all of them succeed", async () => {
		const visitor = await signedUp(bench, "eight@example.org");
		await visitor.age();
		const before = bench.rotations();
		const answers = await Promise.all(Array.from({ length: 8 }, () => visitor.session()));
		expect(bench.rotations() - before).toBe(1);
		expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
		expect(new Set(answers.map((answer) => answer.headers.getSetCookie().join("\n"))).size).toBe(1);
		visitor.keep(answers[7]!);
		expect(decodeJwt(visitor.tokens.accessToken).exp! * 1000).toBeGreaterThan(Date.now());
		await visitor.age();
		expect(await (await visitor.session()).json()).toMatchObject({ signedIn: true });
	});

	it("sets and removes the cookie for the whole domain, for servers only", async () => {
		const visitor = await signedUp(bench, "cookie@example.org");
		await visitor.age();
		const lines = (await visitor.session()).headers.getSetCookie();
		const kept = lines.filter((line) => !line.includes("Max-Age=0;"));
		expect(kept).toHaveLength(1);
		expect(kept[0]).toMatch(
			/^__Secure-opta-session=base64-[\w-]+; Path=\/; Domain=optalocal\.localhost; Max-Age=\d+; Secure; HttpOnly; SameSite=Lax$/,
		);
		expect(lines.filter((line) => line.includes("Max-Age=0;") && line.includes("Domain="))).toEqual([]);
	});

	it("ends the session at the back end on sign-out", async () => {
		const visitor = await signedUp(bench, "leaving@example.org");
		const { accessToken } = visitor.tokens;
		const stolen = new Visitor(bench);
		stolen.cookies.set(sessionCookieName, visitor.cookies.get(sessionCookieName)!);
		const page = await visitor.post(signOut, {});
		expect([page.pathname, page.searchParams.get("signed_out"), visitor.cookies.size]).toEqual(["/sign-in", "everywhere", 0]);
		expect((await askPass(accessToken)).status).toBe(401);
		await stolen.age();
		expect(await (await stolen.session()).json()).toEqual({ signedIn: false });
	});

	it("gives no pass to a stranger, for an unknown host, or for a token that it cannot trust", async () => {
		const stranger = await signedUp(bench, "stranger@example.org");
		expect((await askPass(stranger.tokens.accessToken)).status).toBe(404);
		expect((await askPass(stranger.tokens.accessToken, "018f2b6e-0000-7000-8000-000000000000")).status).toBe(404);
		expect((await askPass(stranger.tokens.accessToken, "x")).status).toBe(400);
		await stranger.age();
		const expired = await askPass(stranger.tokens.accessToken);
		expect([expired.status, (await expired.json()).error.code]).toEqual([401, "session_expired"]);
	});

	it("replaces a forgotten password and ends the other sessions", async () => {
		const email = "forgetful@example.org";
		const elsewhere = await signedUp(bench, email);
		const visitor = new Visitor(bench);
		expect((await visitor.post(requestRecovery, { email })).href).toBe(
			(await new Visitor(bench).post(requestRecovery, { email: "no@example.org" })).href,
		);
		await visitor.post(confirmAddress, { ...(await newestLink(bench, email)), password: "a new password" });
		expect(await (await visitor.session()).json()).toMatchObject({ signedIn: true });
		await elsewhere.age();
		expect(await (await elsewhere.session()).json()).toEqual({ signedIn: false });
		expect((await new Visitor(bench).post(signIn, { email, password: "correct horse battery" })).searchParams.get("error")).toBe(
			"wrong_password",
		);
	});
});
