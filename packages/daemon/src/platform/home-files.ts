import path from "node:path";

/** Where a user's things are, under the folder of `optaHome`. */
export interface HomeFiles {
	readonly home: string;
	/** The user's configuration. */
	readonly config: string;
	/** How processes of this user find the daemon. */
	readonly daemonState: string;
	/** Held by the daemon while it lives. */
	readonly daemonLock: string;
	/** Held by whoever is starting a daemon. */
	readonly startLock: string;
	/** Clients that were paired. */
	readonly pairedClients: string;
	readonly daemonLog: string;
	readonly sessions: string;
	/** Secrets of this computer where there is no keychain. */
	readonly secrets: string;
	/** Who is signed in on this computer; the CLI's credential. */
	readonly account: string;
	/** What was pulled of the account's vault, where there is no keychain; and what is remembered between two pulls. */
	readonly vaultSecrets: string;
	readonly vaultState: string;
	/** What a daemon remembers of models. */
	readonly models: string;
	readonly checkpoints: string;
	readonly mcp: string;
	readonly children: string;
	readonly pictures: string;
	/** Keys of accounts and of hosts that were pinned when this computer joined one. */
	readonly reachPins: string;
}

/** The files of a home. */
export function homeFiles(home: string): HomeFiles {
	const at = (...parts: string[]): string => path.join(home, ...parts);
	return {
		home,
		config: at("config.json"),
		daemonState: at("daemon", "state.json"),
		daemonLock: at("daemon", "daemon.lock"),
		startLock: at("daemon", "start.lock"),
		pairedClients: at("daemon", "clients.json"),
		daemonLog: at("daemon", "daemon.log"),
		sessions: at("sessions"),
		secrets: at("secrets.json"),
		account: at("account.json"),
		vaultSecrets: at("vault", "secrets.json"),
		vaultState: at("vault", "state.json"),
		models: at("daemon", "models"),
		checkpoints: at("checkpoints"),
		mcp: at("daemon", "mcp"),
		children: at("daemon", "children.json"),
		pictures: at("pictures"),
		reachPins: at("daemon", "reach.json"),
	};
}
