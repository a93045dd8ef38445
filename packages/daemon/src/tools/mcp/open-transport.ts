import { homedir } from "node:os";
import type { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { FetchLike } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { McpServerConfig } from "@opta/contracts/schema/opta-config";
import type { SecretStore } from "@opta/vault/pull/secret-store";
import type { fetch as undiciFetch } from "undici";
import { type Children, tooManyChildren } from "../../children/children.ts";
import { fillAll, fillVariables } from "./fill-variables.ts";
import type { ProcessTransport } from "./process-transport.ts";
import { type InteractiveSignIn, signInProvider } from "./sign-in-provider.ts";
import { readSignIn } from "./sign-in-record.ts";

/** What connections to servers are made with. */
export interface ConnectionParts {
	readonly children: Children;
	/** Goes through the guard of connections. */
	readonly fetch: typeof undiciFetch;
	/** Variables for programs, and those that `${NAME}` stands for. */
	readonly environment: Readonly<Record<string, string>>;
	/** Where sign-ins are kept; opened when a server over HTTP is first used. */
	readonly secrets: () => Promise<SecretStore>;
}

/** A connection to a server; `process` where it is a program of ours. */
export type ServerConnection =
	| { readonly kind: "process"; readonly transport: ProcessTransport }
	| { readonly kind: "http"; readonly transport: StreamableHTTPClientTransport };

/** Makes the connection to a server; nothing is started yet. Throws where variables are missing or no process may be started. */
export async function openTransport(
	name: string,
	config: McpServerConfig,
	parts: ConnectionParts,
	interactive: InteractiveSignIn | null,
): Promise<ServerConnection> {
	const fill = (text: string) => fillVariables(text, parts.environment);
	if ("command" in config) {
		const { ProcessTransport } = await import("./process-transport.ts");
		const program = {
			command: fill(config.command),
			args: config.args.map(fill),
			environment: { ...parts.environment, ...fillAll(config.env, parts.environment) },
			folder: homedir(),
		};
		const slot = parts.children.reserve({ kind: "mcp", name, sessionId: null });
		if (slot === null) {
			throw new Error(tooManyChildren(parts.children.limit));
		}
		return { kind: "process", transport: new ProcessTransport(program, slot) };
	}
	const { StreamableHTTPClientTransport } = await import("@modelcontextprotocol/sdk/client/streamableHttp.js");
	const url = fill(config.url);
	const secrets = await parts.secrets();
	const signedIn = interactive !== null || (await readSignIn(secrets, name, url)).tokens !== undefined;
	const transport = new StreamableHTTPClientTransport(new URL(url), {
		// The SDK's types name Node's own fetch; the guard's is that of the undici package, which is called alike.
		fetch: parts.fetch as unknown as FetchLike,
		requestInit: { headers: fillAll(config.headers, parts.environment) },
		...(signedIn ? { authProvider: await signInProvider(secrets, name, url, interactive) } : {}),
	});
	return { kind: "http", transport };
}
