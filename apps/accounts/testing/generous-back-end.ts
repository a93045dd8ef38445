import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createAccessTokenVerifier } from "@opta/auth/access-token";
import type { SiteAddressing } from "@opta/contracts/site-url";
import { SignJWT } from "jose";
import type { AccountsContext } from "../accounts-context.ts";
import { createBackEndSettings } from "../oauth/back-end-settings.ts";
import { createSessionRefresher } from "../session/session-refresher.ts";

const jwtSecret = "the shared secret of a back end that says yes";
const userId = "018f2b6e-0000-7000-8000-000000000001";
const refreshToken = "refreshed";

/** Where it sends somebody who links a service to an account. */
export const linkingPage = "https://github.com/login/oauth/authorize?client_id=opta&state=s";

/** A request that it got. */
export interface AskedRequest {
	readonly path: string;
	readonly query: URLSearchParams;
	readonly authorization: string | undefined;
}

/** A back end that lets everybody do everything, for tests of what happens after that, under any addressing. */
export interface GenerousBackEnd {
	contextFor(addressing: SiteAddressing): AccountsContext;
	/** The session that it gives to everybody. */
	readonly tokens: { readonly accessToken: string; readonly refreshToken: string };
	/** What it was asked, the oldest first. */
	readonly asked: readonly AskedRequest[];
	close(): Promise<void>;
}

/** Speaks GoTrue's protocol on a free port of 127.0.0.1. */
export async function startGenerousBackEnd(): Promise<GenerousBackEnd> {
	const accessToken = await new SignJWT({ email: "ada@example.org", role: "authenticated", session_id: crypto.randomUUID() })
		.setProtectedHeader({ alg: "HS256", typ: "JWT" })
		.setSubject(userId)
		.setAudience("authenticated")
		.setExpirationTime("1h")
		.sign(new TextEncoder().encode(jwtSecret));
	const times = { created_at: "2026-01-01T00:00:00Z", email_confirmed_at: "2026-01-01T00:00:00Z", last_sign_in_at: "2026-02-01T00:00:00Z" };
	const user = { id: userId, aud: "authenticated", email: "ada@example.org", app_metadata: {}, user_metadata: {}, ...times };
	const session = { access_token: accessToken, refresh_token: refreshToken, token_type: "bearer", expires_in: 3600, user };
	const answers: Readonly<Record<string, unknown>> = {
		"/auth/v1/token": session,
		"/auth/v1/verify": session,
		"/auth/v1/user": user,
		"/auth/v1/signup": user,
		"/auth/v1/otp": {},
		"/auth/v1/recover": {},
		"/auth/v1/resend": {},
		"/auth/v1/logout": {},
		"/auth/v1/user/identities/authorize": { url: linkingPage },
		"/auth/v1/settings": { external: { github: true, email: true }, disable_signup: false, mailer_autoconfirm: false },
	};
	const asked: AskedRequest[] = [];
	const server = createServer((incoming, outgoing) => {
		const [path = "", query] = (incoming.url ?? "").split("?");
		asked.push({ path, query: new URLSearchParams(query), authorization: incoming.headers.authorization });
		const answer = answers[path];
		outgoing.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" }).end(JSON.stringify(answer ?? {}));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const supabaseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const functions: Readonly<Record<string, unknown>> = {
		take_attempt: 0,
		list_own_invites: [],
		read_second_factors: [{ has_totp: false, passkey_count: 0, recovery_code_count: 1, is_proved: true }],
	};
	return {
		tokens: { accessToken, refreshToken },
		asked,
		contextFor(addressing) {
			const configuration = { addressing, supabaseUrl, publishableKey: "sb_publishable_test", jwtSecret };
			return {
				configuration,
				verify: createAccessTokenVerifier(configuration),
				refresher: createSessionRefresher(configuration),
				signer: { jwks: { keys: [] }, sign: () => Promise.reject(new Error("no passes here")), stateKeys: async () => [] },
				deviceTokens: { sign: () => Promise.reject(new Error("no tokens here")), verify: async () => null },
				portal: { key: "k".repeat(32), call: async (name) => ({ state: "ok", data: functions[name] ?? true }) },
				backEndSettings: createBackEndSettings(configuration),
				clientAddressHeader: null,
				mailboxUrl: null,
			};
		},
		close: () =>
			new Promise((resolve) => {
				server.closeAllConnections();
				server.close(() => resolve());
			}),
	};
}
