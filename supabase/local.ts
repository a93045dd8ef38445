import { hostname } from "node:os";
import path from "node:path";
import { App } from "@supabase/lite";
import { createApiServer } from "./api/api-server.ts";
import { applyMigrations } from "./database/apply-migrations.ts";
import { backUpDataFolder } from "./database/data-folder-backup.ts";
import { removeExpiredSignUps } from "./database/expired-sign-ups.ts";
import { readMigrationFiles } from "./database/migration-files.ts";
import { type Database, openDatabase } from "./database/open-database.ts";
import { listen, stopListening } from "./http/listen.ts";
import { localHostKey } from "./local-host-key.ts";
import { ensureLocalSecrets, type LocalSecrets } from "./local-secrets.ts";
import { takeStateLock } from "./lock/state-lock.ts";
import { type MailStore, openMailStore } from "./mailbox/mail-store.ts";
import { createMailboxServer } from "./mailbox/mailbox-server.ts";
import { localPortalKey, portalKeyHash } from "./portal-key.ts";
import { readConfig, type SupabaseConfig, supabaseFolder } from "./settings/read-config.ts";
import { readSignInProviders, type SignInProviders, withCallback } from "./settings/sign-in-providers.ts";
import { StartError } from "./start-error.ts";

const keptMails = 200;
const keptBackups = 3;
const closeGraceMs = 2000;

/** Where the embedded Supabase lives and who it serves. */
export interface LocalSupabaseOptions {
	/** The state folder of the platform; `secrets.json` and `supabase/` are made in it, `sign-in-providers.toml` is read. */
	readonly stateDir: string;
	/** Port of the API on 127.0.0.1; 0 takes a free one. */
	readonly port: number;
	/** Port of the mailbox page on 127.0.0.1; 0 takes a free one. */
	readonly mailboxPort: number;
	/** Origin of accounts: mails link there. */
	readonly siteUrl: string;
	/** Where the sites reach this machine's host. */
	readonly doorUrl: string;
}

/** A running embedded Supabase. */
export interface LocalSupabase {
	readonly port: number;
	readonly mailboxPort: number;
	/** Finishes what was accepted, closes the database and gives the folder back. */
	close(): Promise<void>;
}

/** What the app is made of, apart from its database. */
interface AppParts {
	readonly config: SupabaseConfig;
	readonly providers: SignInProviders;
	readonly secrets: LocalSecrets;
	readonly siteUrl: string;
	readonly port: number;
	readonly mails: MailStore;
}

function createApp(database: Database, { config, providers, secrets, siteUrl, port, mails }: AppParts): App {
	return new App({
		connection: database,
		api: { enabled: true, ...config.api },
		auth: {
			enabled: true,
			...config.auth,
			external: withCallback(providers, port),
			site_url: siteUrl,
			additional_redirect_urls: [siteUrl, ...config.auth.additional_redirect_urls],
			jwt_secret: secrets.jwtSecret,
			publishable_key: secrets.publishableKey,
			secret_key: secrets.secretKey,
		},
		studio: { enabled: false },
		options: {
			server: { admin: false, disableStudio: true },
			drivers: {
				email: {
					async send(mail) {
						await mails.add(mail);
					},
				},
			},
		},
	});
}

function hostName(): string {
	const name = hostname()
		.replace(/\.(local|lan|home|localdomain)$/i, "")
		.replaceAll(/\p{Cc}/gu, "")
		.trim()
		.slice(0, 80);
	return name === "" || name === "localhost" ? "This computer" : name;
}

async function prepareDatabase(
	database: Database,
	app: App,
	stateDir: string,
	options: LocalSupabaseOptions,
	secrets: LocalSecrets,
): Promise<void> {
	await app.init();
	await app.ensureSystemSchema();
	await applyMigrations(database, await readMigrationFiles(path.join(supabaseFolder, "migrations")), async (first) => {
		const { rows } = await database.driver.query("select from supabase_migrations.schema_migrations limit 1");
		if (rows.length === 0) {
			return null;
		}
		await database.driver.exec("checkpoint");
		return backUpDataFolder(path.join(stateDir, "data"), path.join(stateDir, "backups"), first.version, keptBackups);
	});
	await database.driver.query("select private.set_up_local_host($1, $2, $3)", [secrets.hostId, hostName(), options.doorUrl]);
	const { d: _, ...hostKey } = localHostKey(secrets.secretKey);
	await database.driver.query("select private.set_host_key($1, $2)", [secrets.hostId, JSON.stringify(hostKey)]);
	await database.driver.query("select private.set_portal_key($1)", [portalKeyHash(localPortalKey(secrets.secretKey))]);
}

/**
 * Starts Supabase inside this process: lite's `App` on PGlite behind the state folder's lock, with the migrations of this
 * repository and a mailbox instead of mail. Throws `StartError` with one line for people where it cannot.
 */
export async function startLocalSupabase(options: LocalSupabaseOptions): Promise<LocalSupabase> {
	const stateDir = path.join(options.stateDir, "supabase");
	const config = await readConfig();
	const providers = await readSignInProviders(options.stateDir);
	const secrets = await ensureLocalSecrets(options.stateDir);
	const lockFile = path.join(stateDir, "lock.json");
	const taken = await takeStateLock(lockFile);
	if (!taken.ok) {
		throw new StartError(
			`Another process (pid ${taken.holder.pid}) already runs Supabase on ${stateDir}. Stop it, or choose another folder with --state-dir.`,
		);
	}
	const closing: (() => Promise<void>)[] = [() => taken.lock.release()];
	const close = async (): Promise<void> => {
		for (const step of closing.splice(0).reverse()) {
			await step();
		}
	};
	try {
		const mails = await openMailStore(path.join(stateDir, "mails.jsonl"), keptMails);
		const mailbox = await createMailboxServer(mails);
		const api = createApiServer();
		// Both ports are taken before the database is touched: a clash is found at once and changes nothing.
		closing.push(() => stopListening(mailbox, 0));
		const mailboxPort = await listen(mailbox, options.mailboxPort, "--mailbox-port");
		const database = { current: null as Database | null };
		closing.push(async () => {
			await stopListening(api.server, closeGraceMs);
			await api.idle();
			await database.current?.close();
		});
		const port = await listen(api.server, options.port, "--port");
		const opened = await openDatabase(path.join(stateDir, "data"));
		database.current = opened;
		const app = createApp(opened, { config, providers, secrets, siteUrl: options.siteUrl, port, mails });
		await prepareDatabase(opened, app, stateDir, options, secrets);
		api.open({
			async fetch(request, peerAddress) {
				if (request.method === "POST" && new URL(request.url).pathname === "/auth/v1/signup") {
					await removeExpiredSignUps(opened, config.auth.email.otp_expiry);
				}
				return app.fetch(request, { peerAddress });
			},
			async ping() {
				await opened.driver.query("select 1");
			},
		});
		return { port, mailboxPort, close };
	} catch (error) {
		await close();
		throw error;
	}
}
