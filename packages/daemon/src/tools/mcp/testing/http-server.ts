import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An MCP server over HTTP for tests, with an authorization server that does PKCE and registration. */
export interface TestHttpServer {
	readonly url: string;
	readonly origin: string;
	/** Takes back what was signed in. */
	readonly revoke: () => void;
	readonly close: () => void;
}

async function body(request: IncomingMessage): Promise<string> {
	const parts: Buffer[] = [];
	for await (const part of request) {
		parts.push(part as Buffer);
	}
	return Buffer.concat(parts).toString();
}

function json(response: ServerResponse, status: number, value: object, headers: Record<string, string> = {}): void {
	response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
}

/** Starts it on a free port. Without `signIn` anybody may call it. */
export async function startHttpServer(signIn: boolean): Promise<TestHttpServer> {
	let origin = "";
	let challenge = "";
	let token: string | null = null;

	const authorize = (url: URL, response: ServerResponse) => {
		challenge = url.searchParams.get("code_challenge") ?? "";
		const back = new URL(url.searchParams.get("redirect_uri") ?? "");
		back.search = new URLSearchParams({ code: "the-code", state: url.searchParams.get("state") ?? "" }).toString();
		response.writeHead(302, { location: back.href }).end();
	};

	const giveToken = async (request: IncomingMessage, response: ServerResponse) => {
		const form = new URLSearchParams(await body(request));
		const proof = createHash("sha256")
			.update(form.get("code_verifier") ?? "")
			.digest("base64url");
		if (form.get("code") !== "the-code" || proof !== challenge) {
			json(response, 400, { error: "invalid_grant" });
			return;
		}
		token = "the-token";
		json(response, 200, { access_token: token, token_type: "Bearer", expires_in: 3600 });
	};

	const answer = async (request: IncomingMessage, response: ServerResponse) => {
		if (signIn && (token === null || request.headers.authorization !== `Bearer ${token}`)) {
			const metadata = `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource"`;
			json(response, 401, { error: "unauthorized" }, { "www-authenticate": metadata });
			return;
		}
		if (request.method !== "POST") {
			response.writeHead(405).end();
			return;
		}
		const { id, method, params } = JSON.parse(await body(request)) as { id?: unknown; method: string; params: Record<string, unknown> };
		const results: Record<string, object> = {
			initialize: { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "test", version: "1" } },
			"tools/list": { tools: [{ name: "where", inputSchema: { type: "object" } }] },
			"tools/call": { content: [{ type: "text", text: `key ${request.headers["x-key"] ?? "-"}` }] },
		};
		if (id === undefined) {
			response.writeHead(202).end();
			return;
		}
		json(response, 200, { jsonrpc: "2.0", id, result: results[method] ?? {} });
	};

	const server = createServer((request, response) => {
		const url = new URL(request.url ?? "/", origin);
		switch (url.pathname) {
			case "/.well-known/oauth-protected-resource":
				json(response, 200, { resource: `${origin}/mcp`, authorization_servers: [origin] });
				break;
			case "/.well-known/oauth-authorization-server":
				json(response, 200, {
					...{ issuer: origin, authorization_endpoint: `${origin}/authorize`, token_endpoint: `${origin}/token` },
					...{
						registration_endpoint: `${origin}/register`,
						response_types_supported: ["code"],
						code_challenge_methods_supported: ["S256"],
					},
				});
				break;
			case "/register":
				void body(request).then((text) => json(response, 201, { ...JSON.parse(text), client_id: "opta-test" }));
				break;
			case "/authorize":
				authorize(url, response);
				break;
			case "/token":
				void giveToken(request, response);
				break;
			case "/mcp":
				void answer(request, response);
				break;
			default:
				response.writeHead(404).end();
		}
	});
	await new Promise<void>((resolve) => {
		server.listen(0, "127.0.0.1", resolve);
	});
	origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		url: `${origin}/mcp`,
		origin,
		revoke: () => {
			token = null;
		},
		close: () => {
			server.close();
			server.closeAllConnections();
		},
	};
}
