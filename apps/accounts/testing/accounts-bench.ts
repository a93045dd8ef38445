import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createAccessTokenVerifier } from "@opta/auth/access-token";
import { readAuthConfiguration } from "@opta/auth/auth-configuration";
import { localAddressing } from "@opta/contracts/site-url";
import { localPortalKey } from "../../../supabase/portal-key.ts";
import { signInProvidersFile } from "../../../supabase/settings/sign-in-providers.ts";
import type { AccountsContext } from "../accounts-context.ts";
import { createDeviceTokenSigner } from "../devices/device-token-signer.ts";
import { createBackEndSettings } from "../oauth/back-end-settings.ts";
import { createPassSigner, readPassSigningKeys } from "../passes/pass-signer.ts";
import { openPortal } from "../portal/portal.ts";
import { createSessionRefresher, refreshAtBackEnd } from "../session/session-refresher.ts";

const repository = path.resolve(import.meta.dirname, "../../..");

/** The routes of accounts on a real embedded back end, without Next.js around them. */
export interface AccountsBench {
	readonly context: AccountsContext;
	readonly mailbox: string;
	readonly hostId: string;
	readonly jwtSecret: string;
	/** The back end's own key, which passes every policy. */
	readonly secretKey: string;
	/** Folder of the back end's database. */
	readonly stateDir: string;
	/** What the back end has said so far, on stdout and stderr. */
	log(): string;
	/** How often a session was refreshed at the back end. */
	rotations(): number;
	stop(): Promise<void>;
}

/** Starts the back end in a folder of its own; `signInProviders` is the text of its file of other services to sign in by. */
export async function startAccountsBench(portBase = localAddressing.portBase, signInProviders = ""): Promise<AccountsBench> {
	const stateDir = await mkdtemp(path.join(tmpdir(), "opta-accounts-"));
	await writeFile(path.join(stateDir, signInProvidersFile), signInProviders);
	const flags = ["--port", "0", "--mailbox-port", "0", "--site-url", "http://accounts.optalocal.localhost:3003"];
	const args = ["supabase/local-main.ts", "--state-dir", stateDir, ...flags, "--door-url", "http://127.0.0.1:8788"];
	const supabase = spawn(process.execPath, args, { cwd: repository, stdio: ["ignore", "pipe", "pipe", "ipc"] });
	let log = "";
	for (const stream of [supabase.stdout, supabase.stderr]) {
		stream?.setEncoding("utf8").on("data", (text: string) => {
			log += text;
		});
	}
	const exited = once(supabase, "exit");
	const early = exited.then(([code]) => Promise.reject(new Error(`The back end ended with ${code}: ${log}`)));
	const [ready] = (await Promise.race([once(supabase, "message"), early])) as [{ port: number; mailboxPort: number }];
	early.catch(() => undefined);
	const secrets = JSON.parse(await readFile(path.join(stateDir, "secrets.json"), "utf8"));
	const configuration = readAuthConfiguration({
		SUPABASE_URL: `http://127.0.0.1:${ready.port}`,
		SUPABASE_PUBLISHABLE_KEY: secrets.publishableKey,
		SUPABASE_JWT_SECRET: secrets.jwtSecret,
		OPTA_PORT_BASE: String(portBase),
	});
	const passKeys = readPassSigningKeys(JSON.stringify(secrets.passSigningKey));
	let rotations = 0;
	return {
		context: {
			configuration,
			backEndSettings: createBackEndSettings(configuration),
			verify: createAccessTokenVerifier(configuration),
			refresher: createSessionRefresher(configuration, (...call) => {
				rotations += 1;
				return refreshAtBackEnd(...call);
			}),
			signer: createPassSigner(passKeys, configuration.addressing),
			deviceTokens: createDeviceTokenSigner(passKeys, configuration.addressing),
			portal: openPortal(configuration, localPortalKey(secrets.secretKey)),
			clientAddressHeader: null,
			mailboxUrl: `http://127.0.0.1:${ready.mailboxPort}`,
		},
		mailbox: `http://127.0.0.1:${ready.mailboxPort}`,
		hostId: secrets.hostId,
		jwtSecret: secrets.jwtSecret,
		secretKey: secrets.secretKey,
		stateDir,
		log: () => log,
		rotations: () => rotations,
		async stop() {
			supabase.kill();
			await exited;
			await rm(stateDir, { recursive: true, force: true });
		},
	};
}
