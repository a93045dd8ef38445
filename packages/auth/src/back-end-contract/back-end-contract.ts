import type { Session } from "@supabase/supabase-js";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ContractBackEnd, contractClient } from "./contract-back-end.ts";

const password = "correct horse battery";

/** What auth-js makes of `session_not_found`. */
const endedSession = "AuthSessionMissingError";

function there<Value>(value: Value | null | undefined): Value {
	if (value === null || value === undefined) {
		throw new Error("The back end gave no session.");
	}
	return value;
}

/**
 * What accounts relies on in a back end's sign-on and data API. Where back ends differ, the expectation comes from the
 * table of capabilities, so that a back end that changes makes the table wrong and this suite red.
 */
export function describeBackEnd(name: string, open: () => Promise<ContractBackEnd> | ContractBackEnd): void {
	describe(name, () => {
		let backEnd: ContractBackEnd;
		const run = crypto.randomUUID().slice(0, 8);
		const address = (person: string) => `${person}-${run}@example.org`;

		beforeAll(async () => {
			backEnd = await open();
		});

		afterAll(() => backEnd.close());

		async function verified(tokenHash: string, type: "signup" | "magiclink" | "recovery" | "email") {
			return contractClient(backEnd).auth.verifyOtp({ token_hash: tokenHash, type });
		}

		async function joined(person: string): Promise<Session> {
			const { data, error } = await verified(await backEnd.signUp(address(person), password), "signup");
			expect(error).toBeNull();
			return there(data.session);
		}

		async function signedIn(person: string): Promise<Session> {
			const { data, error } = await contractClient(backEnd).auth.signInWithPassword({ email: address(person), password });
			expect(error).toBeNull();
			return there(data.session);
		}

		const userOf = async ({ access_token }: Session) => contractClient(backEnd).auth.getUser(access_token);
		const refresh = async (refresh_token: string) => contractClient(backEnd).auth.refreshSession({ refresh_token });
		const signOut = async (session: Session, scope: "local" | "others" | "global") =>
			fetch(`${backEnd.url}/auth/v1/logout?scope=${scope}`, {
				method: "POST",
				headers: { apikey: backEnd.publishableKey, authorization: `Bearer ${session.access_token}` },
			});

		it("opens no account before its address is confirmed, and then with the claims that sites read", async () => {
			const token = await backEnd.signUp(address("new"), password);
			const early = await contractClient(backEnd).auth.signInWithPassword({ email: address("new"), password });
			expect(early.error?.code).toBe("email_not_confirmed");
			const { data } = await verified(token, "signup");
			const claims = decodeJwt(there(data.session).access_token);
			expect(claims).toMatchObject({ sub: there(data.user).id, email: address("new"), role: "authenticated", aud: "authenticated" });
			expect(claims).toMatchObject({ session_id: expect.any(String), exp: expect.any(Number) });
			expect(claims.iss !== undefined).toBe(backEnd.capabilities.publicKeys);
		});

		it("takes the token of a mail once", async () => {
			const token = await backEnd.signUp(address("once"), password);
			expect((await verified(token, "signup")).error).toBeNull();
			expect((await verified(token, "signup")).error?.code).toBe("otp_expired");
			expect((await verified("0".repeat(56), "signup")).error?.code).toBe("otp_expired");
		});

		it("says the same for a wrong password and for an address that nobody has", async () => {
			await joined("known");
			const { auth } = contractClient(backEnd);
			for (const person of ["known", "unknown"]) {
				const { error } = await auth.signInWithPassword({ email: address(person), password: "another password" });
				expect([error?.status, error?.code, error?.message]).toEqual([400, "invalid_credentials", "Invalid login credentials"]);
			}
		});

		it("takes the types of links that our mails carry", async () => {
			await joined("links");
			expect((await verified(await backEnd.mailToken(address("links"), "magiclink"), "magiclink")).data.session).not.toBeNull();
			expect((await verified(await backEnd.mailToken(address("links"), "recovery"), "recovery")).data.session).not.toBeNull();
		});

		it("takes the type `email` for a mail link, or does not, as the table says", async () => {
			await joined("type");
			const { error } = await verified(await backEnd.mailToken(address("type"), "magiclink"), "email");
			expect(error === null).toBe(backEnd.capabilities.takesEmailLinkType);
		});

		it("rotates refresh tokens, forgives the one before the newest, and knows none that it never gave", async () => {
			const first = await joined("rotate");
			const second = there((await refresh(first.refresh_token)).data.session);
			expect(second.refresh_token).not.toBe(first.refresh_token);
			expect(decodeJwt(second.access_token).session_id).toBe(decodeJwt(first.access_token).session_id);
			expect((await refresh(first.refresh_token)).error).toBeNull();
			const neverGiven = [...second.refresh_token].reverse().join("");
			expect((await refresh(neverGiven)).error?.status).toBe(400);
		});

		it("ends the session when an old refresh token comes back, at once or after the time that the table says", async () => {
			const first = await joined("reuse");
			const second = there((await refresh(first.refresh_token)).data.session);
			const third = there((await refresh(second.refresh_token)).data.session);
			const { error } = await refresh(first.refresh_token);
			expect(error === null).toBe(backEnd.capabilities.forgivesOldRefreshTokens);
			if (error !== null) {
				expect(error.code).toBe("refresh_token_already_used");
				expect((await refresh(third.refresh_token)).error).not.toBeNull();
			}
		});

		it("gives requests that refresh together one living session", async () => {
			const { refresh_token } = await joined("storm");
			const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(refresh_token)));
			expect(answers.map(({ error }) => error)).toEqual(Array(8).fill(null));
			const sessions = answers.map(({ data }) => decodeJwt(there(data.session).access_token).session_id);
			expect(new Set(sessions).size).toBe(1);
		});

		it("ends this session, the others, or all, as asked", async () => {
			const first = await joined("scopes");
			const [second, third] = [await signedIn("scopes"), await signedIn("scopes")];
			await signOut(first, "local");
			expect((await refresh(first.refresh_token)).error).not.toBeNull();
			expect((await userOf(second)).error).toBeNull();
			await signOut(second, "others");
			expect((await userOf(third)).error?.name).toBe(endedSession);
			expect((await userOf(second)).error).toBeNull();
			await signOut(second, "global");
			expect((await userOf(second)).error?.name).toBe(endedSession);
			expect((await refresh(second.refresh_token)).error).not.toBeNull();
		});

		it("tells that a session has ended to whoever asks; the data API goes by the token alone, until it expires", async () => {
			const session = await joined("dead");
			const profile = () => contractClient(backEnd, session.access_token).from("profiles").select("id");
			expect((await profile()).data).toHaveLength(1);
			await signOut(session, "local");
			expect((await userOf(session)).error?.name).toBe(endedSession);
			expect((await profile()).data).toHaveLength(1);
		});

		it("believes no token that was changed or not signed", async () => {
			const { access_token } = await joined("forged");
			const [header = "", payload = "", signature = ""] = access_token.split(".");
			const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
			const changed = encode({ ...decodeJwt(access_token), email: "somebody@example.org" });
			const forgeries = [
				`${header}.${changed}.${signature}`,
				`${encode({ alg: "none", typ: "JWT" })}.${payload}.`,
				`${header}.${payload}.`,
			];
			for (const forgery of forgeries) {
				expect((await contractClient(backEnd).auth.getUser(forgery)).error).not.toBeNull();
				const { data } = await contractClient(backEnd, forgery).from("profiles").select("id");
				expect(data ?? []).toEqual([]);
			}
		});

		it("shows and changes people's own rows only", async () => {
			const [ada, bob] = [await joined("ada"), await joined("bob")];
			const asBob = contractClient(backEnd, bob.access_token);
			expect((await asBob.from("profiles").select("id").eq("id", ada.user.id)).data).toEqual([]);
			await asBob.from("profiles").update({ display_name: "Taken" }).eq("id", ada.user.id);
			const own = await contractClient(backEnd, ada.access_token).from("profiles").select("display_name").single();
			expect(own.data?.display_name).toBe(`ada-${run}`);
			const anonymous = await contractClient(backEnd).from("profiles").select("id");
			expect(anonymous.data ?? []).toEqual([]);
		});

		it("answers functions' refusals with their codes", async () => {
			const { access_token } = await joined("rpc");
			const person = contractClient(backEnd, access_token);
			expect((await person.rpc("no_such_function")).error?.code).toBe("PGRST202");
			const guarded = await person.rpc("read_second_factors", { portal_key: "not the portal's key" });
			expect(guarded.error?.code).toBe("42501");
			expect((await contractClient(backEnd).rpc("list_sessions")).error).not.toBeNull();
		});

		it("has every address confirmed, and says so with the services that are on", async () => {
			const answer = await fetch(`${backEnd.url}/auth/v1/settings`, { headers: { apikey: backEnd.publishableKey } });
			const settings = await answer.json();
			expect(settings).toMatchObject({ mailer_autoconfirm: false, external: { email: true, anonymous_users: false } });
			const on = ["google", "apple", "github"].filter((provider) => settings.external[provider] === true);
			expect(backEnd.capabilities.knownProviders).toEqual(expect.arrayContaining(on));
		});

		it("publishes the keys that its tokens are signed with, or signs with the shared secret", async () => {
			const { access_token } = await joined("keys");
			const { alg, kid } = decodeProtectedHeader(access_token);
			const { keys } = await (await fetch(`${backEnd.url}/auth/v1/.well-known/jwks.json`)).json();
			const published = keys.some((key: { kid?: string }) => key.kid === kid);
			expect([alg === "ES256" || alg === "RS256", published]).toEqual(Array(2).fill(backEnd.capabilities.publicKeys));
		});
	});
}
