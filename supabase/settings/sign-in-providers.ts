import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "smol-toml";
import { z } from "zod";
import { StartError } from "../start-error.ts";

const providerSchema = z
	.strictObject({
		client_id: z.string().min(1),
		secret: z.string().min(1),
		/** Where a GitHub Enterprise server is; without it, github.com. */
		url: z.url({ protocol: /^https?$/ }).optional(),
	})
	.transform((provider) => ({ ...provider, enabled: true }));

/** Those that lite knows how to talk to. */
const providersSchema = z.strictObject({
	github: providerSchema.optional(),
	google: providerSchema.optional(),
});

/** Other services that people of this machine may sign in by, as lite takes them. */
export type SignInProviders = z.infer<typeof providersSchema>;

/** Name of the file in the state folder: it holds secrets, so it is in no repository and in no argument. */
export const signInProvidersFile = "sign-in-providers.toml";

/** Parses the text of the file. Throws `StartError` naming the first value that is wrong, and never the value. */
export function parseSignInProviders(text: string, file = signInProvidersFile): SignInProviders {
	let value: unknown;
	try {
		value = parse(text);
	} catch {
		throw new StartError(`${file} is not TOML; it looks like: [github], then client_id = "…" and secret = "…".`);
	}
	const parsed = providersSchema.safeParse(value);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		const place = issue?.path.join(".") ?? "";
		throw new StartError(`${file}: ${place === "" ? "" : `${place}: `}${issue?.message ?? "is wrong"}`);
	}
	return parsed.data;
}

/** Reads the file of a state folder; without it, nobody signs in by another service. */
export async function readSignInProviders(stateDir: string): Promise<SignInProviders> {
	const file = path.join(stateDir, signInProvidersFile);
	try {
		return parseSignInProviders(await readFile(file, "utf8"), file);
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") {
			return {};
		}
		throw error;
	}
}

/** Tells each provider where its answers go: the API itself, which a browser on this machine reaches. */
export function withCallback(providers: SignInProviders, apiPort: number): SignInProviders {
	const redirect_uri = `http://127.0.0.1:${apiPort}/auth/v1/callback`;
	return Object.fromEntries(Object.entries(providers).map(([name, provider]) => [name, { ...provider, redirect_uri }]));
}
