import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Children, tooManyChildren } from "../../children/children.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { type FoundServer, findServer } from "./find-server.ts";
import { LanguageServer } from "./language-server.ts";
import { type Language, languageOf, languages } from "./language-table.ts";

/** Servers that run at the same time; the least used ends when another is needed. */
const maxServers = 8;
/** A server that ends so often within `crashWindowMs` is left alone for that time. */
const maxCrashes = 3;
const crashWindowMs = 60_000;

/** What language servers need. */
export interface LanguageServerParts {
	readonly children: Children;
	readonly sandbox: Sandbox;
	/** Variables for servers of sessions that did not say theirs. */
	readonly environment: Readonly<Record<string, string>>;
}

interface Running {
	readonly server: Promise<LanguageServer>;
	/** Gives its start up. */
	readonly stop: AbortController;
	readonly sessions: Set<string>;
}

/** A server that can be used, with where it was found. */
export interface ServerForFile {
	readonly language: Language;
	readonly found: FoundServer;
	/** True where it runs already. */
	readonly running: boolean;
}

function noServer(file: string, language: Language | undefined): Error {
	const known = languages.map((one) => one.id).join(", ");
	return new Error(
		language === undefined
			? `No language server is known for ${path.basename(file)}. Known languages: ${known}.`
			: `No language server for ${language.id} is installed. Install ${language.install}.`,
	);
}

/** Language servers, one per workspace and language, shared by sessions. */
export class LanguageServers {
	private readonly servers = new Map<string, Running>();
	private readonly crashes = new Map<string, number[]>();
	private readonly environments = new Map<string, Readonly<Record<string, string>>>();
	private readonly parts: LanguageServerParts;

	constructor(parts: LanguageServerParts) {
		this.parts = parts;
	}

	/**
	 * The server that using this file would start, where it runs code of the project and no sandbox keeps it in: a person is
	 * asked first. Null else, and where none is installed.
	 */
	async startsProjectCode(workspace: string, file: string): Promise<string | null> {
		if (this.parts.sandbox.kind !== "none") {
			return null;
		}
		const server = await this.look(workspace, file).catch(() => null);
		return server === null || server.running || !server.found.runsProject ? null : server.found.name;
	}

	/** Which server would be used. Rejects with what to install where there is none. */
	async look(workspace: string, file: string): Promise<ServerForFile> {
		const language = languageOf(file);
		const environment = this.environments.get(workspace) ?? this.parts.environment;
		const found = language === undefined ? null : await findServer(language, workspace, file, environment.PATH ?? "");
		if (language === undefined || found === null) {
			throw noServer(file, language);
		}
		return { language, found, running: this.servers.has(`${language.id} ${workspace}`) };
	}

	/** The variables of a session's terminal: where its servers are found. */
	learn(workspace: string, environment: Readonly<Record<string, string>>): void {
		this.environments.set(workspace, environment);
	}

	/** The server for a file, started where it does not run. Rejects with what is wrong. */
	async use(workspace: string, file: string, sessionId: string | null, signal: AbortSignal): Promise<LanguageServer> {
		const { language, found } = await this.look(workspace, file);
		const key = `${language.id} ${workspace}`;
		const running = this.servers.get(key) ?? this.begin(key, language, found, workspace);
		this.servers.delete(key);
		this.servers.set(key, running);
		if (sessionId !== null) {
			running.sessions.add(sessionId);
		}
		await this.endLeastUsed();
		const cancelled = Promise.withResolvers<never>();
		const cancel = () => cancelled.reject(new Error("Cancelled."));
		signal.addEventListener("abort", cancel, { once: true });
		try {
			signal.throwIfAborted();
			return await Promise.race([running.server, cancelled.promise]);
		} finally {
			signal.removeEventListener("abort", cancel);
		}
	}

	/** Ends the servers that only this session used. */
	async closeSession(sessionId: string): Promise<void> {
		const over: string[] = [];
		for (const [key, { sessions }] of this.servers) {
			if (sessions.delete(sessionId) && sessions.size === 0) {
				over.push(key);
			}
		}
		await Promise.all(over.map((key) => this.end(key)));
	}

	async close(): Promise<void> {
		await Promise.all([...this.servers.keys()].map((key) => this.end(key)));
	}

	private async endLeastUsed(): Promise<void> {
		const [oldest] = this.servers.keys();
		if (this.servers.size > maxServers && oldest !== undefined) {
			await this.end(oldest);
		}
	}

	private async end(key: string): Promise<void> {
		const running = this.servers.get(key);
		this.servers.delete(key);
		running?.stop.abort();
		// One that could not be started has nothing to end.
		await running?.server.then(
			(server) => server.close(),
			() => undefined,
		);
	}

	private begin(key: string, language: Language, found: FoundServer, workspace: string): Running {
		const stop = new AbortController();
		const server = this.start(key, language, found, workspace, stop.signal);
		// Whoever waits for it is told; nobody may wait any more.
		server.catch(() => undefined);
		return { server, stop, sessions: new Set() };
	}

	private async start(
		key: string,
		language: Language,
		found: FoundServer,
		workspace: string,
		signal: AbortSignal,
	): Promise<LanguageServer> {
		try {
			this.assertNotCrashing(key, found.name);
			const tmp = await realpath(await mkdtemp(path.join(tmpdir(), "opta-lsp-")));
			const forget = () => rm(tmp, { recursive: true, force: true });
			const slot = this.parts.children.reserve({ kind: "lsp", name: found.name, sessionId: null });
			if (slot === null) {
				await forget();
				throw new Error(tooManyChildren(this.parts.children.limit));
			}
			try {
				const command = await this.parts.sandbox.wrap(found.command, { workspace, tmp, network: false });
				const environment = { ...(this.environments.get(workspace) ?? this.parts.environment), ...command.environment };
				const server = await LanguageServer.start({ language, name: found.name, workspace, command, environment, slot, signal });
				void server.ended.then(async () => {
					await forget();
					this.lost(key);
				});
				return server;
			} catch (error) {
				await slot.end(0);
				await forget();
				throw error;
			}
		} catch (error) {
			this.servers.delete(key);
			throw error;
		}
	}

	/** A server has ended; unless that was asked for, it counts. */
	private lost(key: string): void {
		if (this.servers.delete(key)) {
			this.crashes.set(key, [...(this.crashes.get(key) ?? []), Date.now()].slice(-maxCrashes));
		}
	}

	private assertNotCrashing(key: string, name: string): void {
		const recent = (this.crashes.get(key) ?? []).filter((at) => Date.now() - at < crashWindowMs);
		if (recent.length >= maxCrashes) {
			throw new Error(`${name} has ended ${recent.length} times within a minute. It is started again after a minute.`);
		}
	}
}
