import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createAccessTokenVerifier } from "@opta/auth/access-token";
import { readAuthConfiguration } from "@opta/auth/auth-configuration";
import { readSessionCookie } from "@opta/auth/session-cookie";
import { sessionCookieName } from "@opta/contracts/session-cookie";
import { siteOrigin } from "@opta/contracts/site-url";
import { createLocalJWKSet, decodeJwt, jwtVerify, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccountsContext } from "./accounts-context.ts";
import { confirmAddress } from "./forms/confirm-address.ts";
import { requestRecovery } from "./forms/request-recovery.ts";
import { resendMail } from "./forms/resend-mail.ts";
import { signIn } from "./forms/sign-in.ts";
import { signOut } from "./forms/sign-out.ts";
import { signUp } from "./forms/sign-up.ts";
import { issuePass } from "./passes/issue-pass.ts";
import { createPassSigner, readPassSigningKey } from "./passes/pass-signer.ts";
import { answerSession } from "./session/session-answer.ts";
import { createSessionRefresher, refreshAtBackEnd } from "./session/session-refresher.ts";

const repository = path.resolve(import.meta.dirname, "../..");

let supabase: ChildProcess;
let stateDir: string;
let mailbox: string;
let hostId: string;
let jwtSecret: string;
let context: AccountsContext;
let rotations = 0;

async function startBackEnd(): Promise<{ port: number; mailboxPort: number }> {
	const flags = ["--port", "0", "--mailbox-port", "0", "--site-url", "http://accounts.optalocal.localhost:3003"];
	const args = ["supabase/local-main.ts", "--state-dir", stateDir, ...flags, "--door-url", "http://127.0.0.1:8788"];
	supabase = spawn(process.execPath, args, { cwd: repository, stdio: ["ignore", "ignore", "inherit", "ipc"] });
	return new Promise((resolve, reject) => {
		supabase.once("message", (message) => resolve(message as { port: number; mailboxPort: number }));
		supabase.once("exit", (code) => reject(new Error(`The back end ended with ${code}.`)));
	});
}

beforeAll(async () => {
	stateDir = await mkdtemp(path.join(tmpdir(), "opta-accounts-"));
	const { port, mailboxPort } = await startBackEnd();
	mailbox = `http://127.0.0.1:${mailboxPort}`;
	const secrets = JSON.parse(await readFile(path.join(stateDir, "secrets.json"), "utf8"));
	({ hostId, jwtSecret } = secrets);
	const configuration = readAuthConfiguration({
		SUPABASE_URL: `http://127.0.0.1:${port}`,
		SUPABASE_PUBLISHABLE_KEY: secrets.publishableKey,
		SUPABASE_JWT_SECRET: jwtSecret,
	});
	context = {
		configuration,
		verify: createAccessTokenVerifier(configuration),
		refresher: createSessionRefresher(configuration, (...call) => {
			rotations += 1;
			return refreshAtBackEnd(...call);
		}),
		signer: createPassSigner(readPassSigningKey(JSON.stringify(secrets.passSigningKey)), configuration.addressing),
		mailboxUrl: mailbox,
	};
});

afterAll(async () => {
	const ended = new Promise((resolve) => supabase.once("exit", resolve));
	supabase.kill();
	await ended;
	await rm(stateDir, { recursive: true, force: true });
});

/** A browser as far as these tests need one: it keeps cookies by name and sends forms from accounts' own pages. */
class Visitor {
	readonly cookies = new Map<string, string>();

	get cookieHeader(): string {
		return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
	}

	async post(route: (context: AccountsContext, request: Request) => Promise<Response>, fields: Record<string, string>): Promise<URL> {
		const body = new URLSearchParams(fields).toString();
		const response = await route(
			context,
			new Request("http://localhost:3003/form", { method: "POST", body, headers: this.#headers(body) }),
		);
		expect([response.status, response.headers.get("cache-control")]).toEqual([303, "private, no-store"]);
		this.keep(response);
		return new URL(response.headers.get("location")!);
	}

	#headers(body: string): Record<string, string> {
		return {
			origin: siteOrigin(context.configuration.addressing, "accounts"),
			"content-type": "application/x-www-form-urlencoded",
			"content-length": String(body.length),
			cookie: this.cookieHeader,
		};
	}

	keep(response: Response): void {
		for (const line of response.headers.getSetCookie()) {
			const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
			if (line.includes("Max-Age=0;")) {
				this.cookies.delete(name!);
			} else {
				this.cookies.set(name!, value!);
			}
		}
	}

	session(): Promise<Response> {
		return answerSession(context, new Request("http://localhost:3003/api/session", { headers: { cookie: this.cookieHeader } }));
	}

	get tokens(): { accessToken: string; refreshToken: string | null } {
		const cookie = readSessionCookie(this.cookieHeader);
		return cookie.state === "present" ? cookie : { accessToken: "", refreshToken: null };
	}

	/** Puts an access token that ended a minute ago, rightly signed, into the cookie. */
	async age(): Promise<void> {
		const { sub, email, session_id } = decodeJwt(this.tokens.accessToken);
		const token = await new SignJWT({ sub: sub!, email, session_id, aud: "authenticated", role: "authenticated" })
			.setProtectedHeader({ alg: "HS256" })
			.setExpirationTime(Math.floor(Date.now() / 1000) - 60)
			.sign(new TextEncoder().encode(jwtSecret));
		const session = JSON.stringify({ access_token: token, refresh_token: this.tokens.refreshToken });
		this.cookies.set(sessionCookieName, `base64-${Buffer.from(session).toString("base64url")}`);
	}
}

interface Mail {
	readonly subject: string;
	readonly links: readonly unknown[];
}

async function mailsTo(email: string): Promise<readonly Mail[]> {
	const answer = await fetch(`${mailbox}/api/messages?to=${encodeURIComponent(email)}&waitMs=10000`);
	return (await answer.json()).messages;
}

/** The fields of the newest mail link to somebody. */
async function newestLink(email: string): Promise<{ token_hash: string; type: string }> {
	const [mail] = await mailsTo(email);
	const [, query] = /\/auth\/confirm\?([^"]+)/.exec(JSON.stringify(mail?.links))!;
	const parameters = new URLSearchParams(query);
	return { token_hash: parameters.get("token_hash")!, type: parameters.get("type")! };
}

async function signedUp(email: string, password = "correct horse battery"): Promise<Visitor> {
	const visitor = new Visitor();
	await visitor.post(signUp, { name: "Ada Lovelace", email, password });
	await visitor.post(confirmAddress, { ...(await newestLink(email)), password });
	expect(await (await visitor.session()).json()).toMatchObject({ signedIn: true });
	return visitor;
}

function askPass(accessToken: string, host = hostId): Promise<Response> {
	const headers = { authorization: `Bearer ${accessToken}`, "content-type": "application/json" };
	return issuePass(
		context,
		new Request("http://localhost:3003/api/pass", { method: "POST", headers, body: JSON.stringify({ hostId: host }) }),
	);
}

describe("accounts on a real back end", () => {
	it("leads the first person from the form over the mail to a session, and makes them owner of the host", async () => {
		const ada = new Visitor();
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
		const arrived = await ada.post(confirmAddress, { ...(await newestLink("ada@example.org")), password: "correct horse battery" });
		expect(arrived.href).toBe(wanted);
		expect(await (await ada.session()).json()).toEqual({ signedIn: true, name: "Ada Lovelace", pictureUrl: null });
		expect(ada.cookies.get(sessionCookieName)!.length).toBeLessThan(2_000);

		const answer = await askPass(ada.tokens.accessToken);
		const { pass } = await answer.json();
		const { payload } = await jwtVerify(pass, createLocalJWKSet({ keys: [...context.signer.jwks.keys] }), { audience: `host:${hostId}` });
		expect(payload).toMatchObject({ role: "owner", sub: decodeJwt(ada.tokens.accessToken).sub });
	});

	it("answers the same for an address that has an account, and changes nothing in it", async () => {
		const stranger = new Visitor();
		const known = await stranger.post(signUp, { email: "ada@example.org", password: "a stranger's password" });
		const fresh = await new Visitor().post(signUp, { email: "nobody@example.org", password: "a stranger's password" });
		expect(known.href).toBe(fresh.href);
		const attempt = await stranger.post(signIn, { email: "ada@example.org", password: "a stranger's password" });
		expect(attempt.searchParams.get("error")).toBe("wrong_password");
	});

	it("shuts out a stranger who opened the account first, whichever mail link its owner used", async () => {
		for (const email of ["grace@example.org", "hedy@example.org"]) {
			const stranger = new Visitor();
			await stranger.post(signUp, { email, password: "a stranger's password" });
			const owner = new Visitor();
			if (email.startsWith("hedy")) {
				expect((await owner.post(resendMail, { email })).searchParams.get("sent")).toBe("again");
			}
			await owner.post(confirmAddress, { ...(await newestLink(email)), password: "the owner's own" });
			expect(await (await owner.session()).json()).toMatchObject({ signedIn: true });
			expect((await stranger.post(signIn, { email, password: "a stranger's password" })).searchParams.get("error")).toBe("wrong_password");
			expect((await stranger.post(signIn, { email, password: "the owner's own" })).searchParams.get("error")).toBeNull();
		}
	});

	it("takes a mail link once, and not at all with a password that is too short", async () => {
		const visitor = new Visitor();
		await visitor.post(signUp, { email: "once@example.org", password: "correct horse battery" });
		const link = await newestLink("once@example.org");
		const short = await visitor.post(confirmAddress, { ...link, password: "short" });
		expect([short.searchParams.get("error"), short.searchParams.get("token_hash")]).toEqual(["password_short", link.token_hash]);
		expect((await visitor.post(confirmAddress, { ...link, password: "correct horse battery" })).pathname).toBe("/");
		const again = await new Visitor().post(confirmAddress, { ...link, password: "correct horse battery" });
		expect([again.searchParams.get("error"), again.searchParams.get("token_hash")]).toEqual(["link_over", null]);
	});

	it("rotates once for eight requests with one expired token, and all of them succeed", async () => {
		const visitor = await signedUp("eight@example.org");
		await visitor.age();
		rotations = 0;
		const answers = await Promise.all(Array.from({ length: 8 }, () => visitor.session()));
		expect(rotations).toBe(1);
		expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
		expect(new Set(answers.map((answer) => answer.headers.getSetCookie().join("\n"))).size).toBe(1);
		visitor.keep(answers[7]!);
		expect(decodeJwt(visitor.tokens.accessToken).exp! * 1000).toBeGreaterThan(Date.now());
		await visitor.age();
		expect(await (await visitor.session()).json()).toMatchObject({ signedIn: true });
	});

	it("sets and removes the cookie for the whole domain, for servers only", async () => {
		const visitor = await signedUp("cookie@example.org");
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
		const visitor = await signedUp("leaving@example.org");
		const { accessToken } = visitor.tokens;
		const stolen = new Visitor();
		stolen.cookies.set(sessionCookieName, visitor.cookies.get(sessionCookieName)!);
		const page = await visitor.post(signOut, {});
		expect([page.pathname, page.searchParams.get("signed_out"), visitor.cookies.size]).toEqual(["/sign-in", "everywhere", 0]);
		expect((await askPass(accessToken)).status).toBe(401);
		await stolen.age();
		expect(await (await stolen.session()).json()).toEqual({ signedIn: false });
	});

	it("gives no pass to a stranger, for an unknown host, or for a token that it cannot trust", async () => {
		const stranger = await signedUp("stranger@example.org");
		expect((await askPass(stranger.tokens.accessToken)).status).toBe(404);
		expect((await askPass(stranger.tokens.accessToken, "018f2b6e-0000-7000-8000-000000000000")).status).toBe(404);
		expect((await askPass(stranger.tokens.accessToken, "x")).status).toBe(400);
		await stranger.age();
		const expired = await askPass(stranger.tokens.accessToken);
		expect([expired.status, (await expired.json()).error.code]).toEqual([401, "session_expired"]);
	});

	it("replaces a forgotten password and ends the other sessions", async () => {
		const email = "forgetful@example.org";
		const elsewhere = await signedUp(email);
		const visitor = new Visitor();
		expect((await visitor.post(requestRecovery, { email })).href).toBe(
			(await new Visitor().post(requestRecovery, { email: "no@example.org" })).href,
		);
		await visitor.post(confirmAddress, { ...(await newestLink(email)), password: "a new password" });
		expect(await (await visitor.session()).json()).toMatchObject({ signedIn: true });
		await elsewhere.age();
		expect(await (await elsewhere.session()).json()).toEqual({ signedIn: false });
		expect((await new Visitor().post(signIn, { email, password: "correct horse battery" })).searchParams.get("error")).toBe(
			"wrong_password",
		);
	});
});
