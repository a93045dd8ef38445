import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { ClientList } from "@opta/contracts/schema/daemon-status";
import { v7 as uuid } from "uuid";
import { z } from "zod";
import { writePrivateText } from "../platform/private-file.ts";
import { digestOf, matchesDigest } from "./secret-digest.ts";

const storedSchema = z.strictObject({
	clients: z.array(
		z.strictObject({
			clientId: z.string(),
			name: z.string(),
			/** Of the page that paired; null for a program. */
			origin: z.string().nullable(),
			tokenDigest: z.string(),
			pairedAt: z.string(),
			lastSeenAt: z.string().nullable(),
		}),
	),
});

type StoredClient = z.infer<typeof storedSchema>["clients"][number];

/** A client that was paired, as a request shows it. */
export type PairedClient = Pick<StoredClient, "clientId" | "name" | "origin">;

/** Clients that may use this daemon with a token of their own, until it is revoked. */
export interface PairedClients {
	/** Keeps a new client; on disk when it resolves. The token is told this once. */
	readonly add: (name: string, origin: string | null) => Promise<{ readonly clientId: string; readonly token: string }>;
	/** The client of a token; undefined for a wrong one. */
	readonly find: (token: string) => PairedClient | undefined;
	/** True where a page of that origin was paired. */
	readonly knowsOrigin: (origin: string) => boolean;
	readonly list: () => ClientList;
	/** False where there was none. */
	readonly revoke: (clientId: string) => Promise<boolean>;
}

/** A client's last visit is written at most this often. */
const seenStepMs = 60_000;
/** More than a person has; the one that was not seen for longest makes room. */
const maxClients = 64;

async function read(file: string): Promise<StoredClient[]> {
	try {
		return storedSchema.parse(JSON.parse(await readFile(file, "utf8"))).clients;
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") {
			return [];
		}
		throw new Error(`The list of paired clients in ${file} is damaged. Remove it and pair them again.`, { cause: error });
	}
}

/** Opens the list; tokens are kept as digests only. @throws where the file is damaged. */
export async function openPairedClients(file: string, onProblem: (message: string) => void): Promise<PairedClients> {
	let clients = await read(file);
	let writing: Promise<void> = Promise.resolve();
	const write = (): Promise<void> => {
		writing = writing.catch(() => undefined).then(() => writePrivateText(file, `${JSON.stringify({ clients }, null, "\t")}\n`));
		return writing;
	};
	return {
		async add(name, origin) {
			const token = randomBytes(32).toString("base64url");
			const clientId = uuid();
			const at = new Date().toISOString();
			const seen = (client: StoredClient): string => client.lastSeenAt ?? client.pairedAt;
			const room = clients.toSorted((a, b) => seen(b).localeCompare(seen(a))).slice(0, maxClients - 1);
			clients = [...room, { clientId, name, origin, tokenDigest: digestOf(token), pairedAt: at, lastSeenAt: null }];
			await write();
			return { clientId, token };
		},
		find(token) {
			let found: StoredClient | undefined;
			for (const client of clients) {
				if (matchesDigest(token, client.tokenDigest)) {
					found = client;
				}
			}
			if (found !== undefined && (found.lastSeenAt === null || Date.now() - Date.parse(found.lastSeenAt) > seenStepMs)) {
				found.lastSeenAt = new Date().toISOString();
				write().catch((error: unknown) => onProblem(`The list of paired clients could not be written: ${String(error)}`));
			}
			return found;
		},
		knowsOrigin: (origin) => clients.some((client) => client.origin === origin),
		list: () => ({ clients: clients.map(({ tokenDigest: _digest, ...shown }) => shown) }),
		async revoke(clientId) {
			const before = clients.length;
			clients = clients.filter((client) => client.clientId !== clientId);
			if (clients.length === before) {
				return false;
			}
			await write();
			return true;
		},
	};
}
