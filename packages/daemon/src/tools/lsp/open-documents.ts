import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

/** Documents that a server holds at the same time. */
const maxOpen = 50;
/** Larger files are not given to servers. */
const maxBytes = 4 * 1024 * 1024;

/** How a server is told of documents. */
export interface DocumentChannel {
	readonly open: (uri: string, version: number, text: string) => Promise<void>;
	readonly change: (uri: string, version: number, text: string) => Promise<void>;
	readonly close: (uri: string) => Promise<void>;
}

/** A document as the server has it. */
export interface OpenDocument {
	readonly uri: string;
	readonly version: number;
	readonly text: string;
	/** True where the server was told something new just now. */
	readonly fresh: boolean;
}

/** Keeps a server's documents as they are on disk; the least used are closed again. */
export class OpenDocuments {
	private readonly documents = new Map<string, { version: number; text: string }>();
	private readonly channel: DocumentChannel;

	constructor(channel: DocumentChannel) {
		this.channel = channel;
	}

	get count(): number {
		return this.documents.size;
	}

	/** Brings a file's document up to date. Rejects where it cannot be read, or is too large. */
	async bring(file: string): Promise<OpenDocument> {
		const uri = pathToFileURL(file).href;
		const text = await readFile(file, "utf8");
		if (Buffer.byteLength(text) > maxBytes) {
			throw new Error(`The file is larger than ${maxBytes} bytes, too large for language servers.`);
		}
		const known = this.documents.get(uri);
		this.documents.delete(uri);
		const version = known === undefined ? 1 : known.version + (known.text === text ? 0 : 1);
		this.documents.set(uri, { version, text });
		if (known === undefined) {
			await this.channel.open(uri, version, text);
			await this.closeOldest();
		} else if (known.text !== text) {
			await this.channel.change(uri, version, text);
		}
		return { uri, version, text, fresh: known?.text !== text };
	}

	/** Brings all open documents up to date that changed on disk; those that are gone are closed. */
	async refresh(toPath: (uri: string) => string): Promise<void> {
		for (const uri of [...this.documents.keys()]) {
			await this.bring(toPath(uri)).catch(async () => {
				this.documents.delete(uri);
				await this.channel.close(uri);
			});
		}
	}

	private async closeOldest(): Promise<void> {
		const [oldest] = this.documents.keys();
		if (this.documents.size > maxOpen && oldest !== undefined) {
			this.documents.delete(oldest);
			await this.channel.close(oldest);
		}
	}
}
