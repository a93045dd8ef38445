import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Diagnostic, InitializeResult, ProtocolConnection } from "vscode-languageserver-protocol/node";
import type { ChildSlot } from "../../children/children.ts";
import type { Command } from "../../sandbox/sandbox.ts";
import { OutputLog } from "../shell/output-log.ts";
import { type Language, protocolLanguageId } from "./language-table.ts";
import { type OpenDocument, OpenDocuments } from "./open-documents.ts";

const startTimeoutMs = 60_000;
const requestTimeoutMs = 60_000;
/** How long a server that sends diagnostics by itself may take for a document. */
const publishTimeoutMs = 15_000;
/** The server's project is still changing (LSP `ContentModified`). */
const contentModified = -32_801;
const maxTries = 5;

/** How to start a server. */
export interface LanguageServerStart {
	readonly language: Language;
	readonly name: string;
	readonly workspace: string;
	readonly command: Command;
	readonly environment: Readonly<Record<string, string>>;
	readonly slot: ChildSlot;
	/** Gives the start up. */
	readonly signal: AbortSignal;
}

const capabilities = {
	general: { positionEncodings: ["utf-16"] },
	textDocument: {
		synchronization: {},
		diagnostic: {},
		publishDiagnostics: { versionSupport: true },
		definition: { linkSupport: true },
		references: {},
		hover: { contentFormat: ["plaintext", "markdown"] },
		documentSymbol: { hierarchicalDocumentSymbolSupport: true },
		rename: { prepareSupport: false },
	},
	workspace: { workspaceFolders: true, configuration: true, symbol: {}, workspaceEdit: { documentChanges: true } },
};

/** A language server that runs for a workspace. */
export class LanguageServer {
	readonly language: Language;
	readonly name: string;
	readonly workspace: string;
	/** Settles when it has ended, by itself or not. */
	readonly ended: Promise<void>;
	private readonly connection: ProtocolConnection;
	private readonly slot: ChildSlot;
	private readonly errors: OutputLog;
	private readonly published = new Map<string, { version: number | undefined; diagnostics: readonly Diagnostic[] }>();
	private readonly documents: OpenDocuments;
	private tellPublished = Promise.withResolvers<void>();
	private pulls = false;
	private gone = false;

	private constructor(
		start: LanguageServerStart,
		connection: ProtocolConnection,
		child: ChildProcessWithoutNullStreams,
		errors: OutputLog,
	) {
		this.language = start.language;
		this.name = start.name;
		this.workspace = start.workspace;
		this.slot = start.slot;
		this.connection = connection;
		this.errors = errors;
		this.ended = once(child, "close").then(() => {
			this.gone = true;
			// Rejects what still waits for an answer.
			connection.dispose();
			return this.slot.end(0);
		});
		this.documents = new OpenDocuments({
			open: (uri, version, text) => {
				const languageId = protocolLanguageId(this.language, uri);
				return connection.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId, version, text } });
			},
			change: (uri, version, text) =>
				connection.sendNotification("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [{ text }] }),
			close: (uri) => {
				this.published.delete(uri);
				return connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
			},
		});
	}

	/** Starts one and waits until it is ready. Rejects with what is wrong, and leaves nothing behind then. */
	static async start(start: LanguageServerStart): Promise<LanguageServer> {
		const { createProtocolConnection, StreamMessageReader, StreamMessageWriter } = await import("vscode-languageserver-protocol/node");
		const child = spawn(start.command.file, [...start.command.args], {
			cwd: start.workspace,
			env: { ...start.environment, ...start.slot.environment },
			detached: process.platform !== "win32",
			windowsHide: true,
		});
		const errors = new OutputLog(2048, 2048);
		child.stderr.setEncoding("utf8").on("data", (text: string) => errors.add(text));
		child.stdin.on("error", () => undefined);
		try {
			await once(child, "spawn");
		} catch (error) {
			await start.slot.end(0);
			throw error;
		}
		start.slot.started(child.pid ?? 0);
		const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
		const server = new LanguageServer(start, connection, child, errors);
		try {
			await server.initialize(start.signal);
			return server;
		} catch (error) {
			await server.close();
			const why = error instanceof Error ? error.message : String(error);
			throw start.signal.aborted ? error : new Error(server.withErrors(`${start.name} could not be started: ${why}`));
		}
	}

	/** Brings a file's document up to date, and every other that changed on disk. */
	async bring(file: string): Promise<OpenDocument> {
		await this.documents.refresh(fileURLToPath);
		return this.documents.bring(file);
	}

	/** Asks the server. Rejects where it says no, ends meanwhile, does not answer in time, or the signal says so. */
	async request<Result>(method: string, params: object, signal: AbortSignal): Promise<Result> {
		for (let attempt = 1; ; attempt++) {
			try {
				return await this.requestOnce<Result>(method, params, signal, requestTimeoutMs);
			} catch (error) {
				if (this.gone) {
					throw new Error(this.withErrors(error instanceof Error ? error.message : String(error)));
				}
				if (!(error instanceof Error && "code" in error && error.code === contentModified) || attempt >= maxTries) {
					throw error;
				}
			}
		}
	}

	/** What is wrong in a document: asked for where the server can be asked, else as it was last sent. */
	async diagnostics(document: OpenDocument, signal: AbortSignal): Promise<readonly Diagnostic[]> {
		if (this.pulls) {
			const report = await this.request<{ items?: readonly Diagnostic[] } | null>(
				"textDocument/diagnostic",
				{ textDocument: { uri: document.uri } },
				signal,
			);
			return report?.items ?? [];
		}
		const limit = AbortSignal.any([signal, AbortSignal.timeout(publishTimeoutMs)]);
		const aborted = new Promise<void>((resolve) => limit.addEventListener("abort", () => resolve(), { once: true }));
		while (!limit.aborted) {
			const last = this.published.get(document.uri);
			if (last !== undefined && (last.version ?? document.version) >= document.version) {
				return last.diagnostics;
			}
			await Promise.race([this.tellPublished.promise, aborted]);
		}
		signal.throwIfAborted();
		throw new Error(
			`${this.name} said nothing about the file within ${publishTimeoutMs} ms. It may still be reading the project; try again later.`,
		);
	}

	/** Ends it with everything that it started. */
	async close(): Promise<void> {
		this.connection.dispose();
		await this.slot.end();
		await this.ended;
	}

	private async requestOnce<Result>(method: string, params: object, signal: AbortSignal, timeoutMs: number): Promise<Result> {
		const { CancellationTokenSource } = await import("vscode-languageserver-protocol/node");
		const source = new CancellationTokenSource();
		const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
		const aborted = new Promise<never>((_, reject) => {
			const stop = () => {
				source.cancel();
				reject(new Error(signal.aborted ? "Cancelled." : `${this.name} did not answer within ${timeoutMs} ms.`));
			};
			limit.addEventListener("abort", stop, { once: true });
			if (limit.aborted) {
				stop();
			}
		});
		try {
			return await Promise.race([this.connection.sendRequest<Result>(method, params, source.token), aborted]);
		} catch (error) {
			throw this.gone ? new Error(`${this.name} has ended.`) : error;
		}
	}

	private async initialize(signal: AbortSignal): Promise<void> {
		const { connection } = this;
		connection.onNotification("textDocument/publishDiagnostics", (params: { uri: string; version?: number; diagnostics: Diagnostic[] }) => {
			this.published.set(params.uri, { version: params.version, diagnostics: params.diagnostics });
			this.tellPublished.resolve();
			this.tellPublished = Promise.withResolvers<void>();
		});
		connection.onRequest("workspace/configuration", (params: { items: unknown[] }) => params.items.map(() => null));
		connection.onRequest("workspace/applyEdit", () => ({ applied: false, failureReason: "Opta applies edits itself." }));
		for (const method of [
			"client/registerCapability",
			"client/unregisterCapability",
			"window/workDoneProgress/create",
			"workspace/diagnostic/refresh",
		]) {
			connection.onRequest(method, () => null);
		}
		connection.onError(() => undefined);
		connection.listen();
		const uri = pathToFileURL(this.workspace).href;
		const params = { processId: process.pid, rootUri: uri, capabilities, workspaceFolders: [{ uri, name: "workspace" }] };
		const result = await this.requestOnce<InitializeResult>("initialize", params, signal, startTimeoutMs);
		this.pulls = result.capabilities.diagnosticProvider !== undefined;
		await connection.sendNotification("initialized", {});
	}

	private withErrors(message: string): string {
		const said = this.errors.excerpt(1500, "").text.trim();
		return said === "" ? message : `${message} Its last words:\n${said}`;
	}
}
