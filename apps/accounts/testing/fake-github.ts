import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** Somebody at the fake GitHub. */
export interface GitHubPerson {
	readonly id: number;
	readonly login: string;
	readonly emails: readonly { readonly email: string; readonly primary: boolean; readonly verified: boolean }[];
}

/** A GitHub Enterprise server as far as signing in needs one: authorization code grant, `/user`, `/user/emails`. */
export interface FakeGitHub {
	readonly url: string;
	/** Who is signed in there; null: they say no to everything. */
	person: GitHubPerson | null;
	/** What its API does: answers, or fails as in an outage. */
	isDown: boolean;
	/** Makes somebody with one address. */
	newPerson(email: string, verified?: boolean): GitHubPerson;
	close(): Promise<void>;
}

const client = { id: "opta-test", secret: "a secret of the test's GitHub" };

/** What stands in the embedded back end's file of services to sign in by. */
export function fakeGitHubSettings({ url }: FakeGitHub): string {
	return `[github]\nclient_id = "${client.id}"\nsecret = "${client.secret}"\nurl = "${url}"\n`;
}

/** Starts one on a free port of 127.0.0.1. */
export async function startFakeGitHub(): Promise<FakeGitHub> {
	const codes = new Map<string, { readonly person: GitHubPerson; readonly redirectUri: string }>();
	const tokens = new Map<string, GitHubPerson>();
	let people = 1000;

	function authorize(query: URLSearchParams, response: ServerResponse): void {
		const redirectUri = query.get("redirect_uri") ?? "";
		const back = new URL(redirectUri);
		back.searchParams.set("state", query.get("state") ?? "");
		if (query.get("client_id") !== client.id) {
			response.writeHead(404).end();
			return;
		}
		if (github.person === null) {
			back.searchParams.set("error", "access_denied");
			back.searchParams.set("error_description", "The user has denied your application access.");
		} else {
			const code = randomBytes(10).toString("hex");
			codes.set(code, { person: github.person, redirectUri });
			back.searchParams.set("code", code);
		}
		response.writeHead(302, { location: back.href }).end();
	}

	function exchange(form: URLSearchParams): unknown {
		const code = form.get("code") ?? "";
		const granted = codes.get(code);
		codes.delete(code);
		if (form.get("client_secret") !== client.secret) {
			return { error: "incorrect_client_credentials" };
		}
		if (granted === undefined || granted.redirectUri !== form.get("redirect_uri")) {
			return { error: "bad_verification_code" };
		}
		const accessToken = `gho_${randomBytes(18).toString("hex")}`;
		tokens.set(accessToken, granted.person);
		return { access_token: accessToken, scope: "user:email", token_type: "bearer" };
	}

	function read(path: string, request: IncomingMessage): unknown {
		const person = tokens.get((request.headers.authorization ?? "").replace("Bearer ", ""));
		if (person === undefined) {
			return null;
		}
		return path === "/api/v3/user" ? { id: person.id, login: person.login, name: null, avatar_url: null } : person.emails;
	}

	const server = createServer(async (incoming, outgoing) => {
		const [pathname = "/", query] = (incoming.url ?? "/").split("?");
		if (pathname === "/login/oauth/authorize") {
			authorize(new URLSearchParams(query), outgoing);
			return;
		}
		const body = pathname === "/login/oauth/access_token" ? exchange(new URLSearchParams(await text(incoming))) : read(pathname, incoming);
		const status = github.isDown ? 502 : body === null ? 401 : 200;
		outgoing.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	const github: FakeGitHub = {
		url: `http://127.0.0.1:${port}`,
		person: null,
		isDown: false,
		newPerson(email, verified = true) {
			people += 1;
			return { id: people, login: `gh-${people}`, emails: [{ email, primary: true, verified }] };
		},
		close: () =>
			new Promise((resolve) => {
				server.closeAllConnections();
				server.close(() => resolve());
			}),
	};
	return github;
}
