import { rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { type SessionInfo, sessionInfoSchema } from "@opta/contracts/schema/daemon-session";
import type { Caller } from "./caller.ts";
import { type SessionState, sessionInfo } from "./session-state.ts";

/** A change of the layout builds the index anew. */
const layoutVersion = 1;
const layout = `
	create table sessions (
		id text primary key,
		owner text,
		workspace text not null,
		trashed_at text,
		updated_at text not null,
		info text not null,
		title text not null,
		log_bytes integer not null,
		open integer not null,
		indexed integer not null,
		last_message text not null
	) strict;
	create index sessions_by_use on sessions (updated_at desc, id desc);
	create table passages (id integer primary key, session_id text not null, is_title integer not null) strict;
	create index passages_by_session on passages (session_id);
	create virtual table texts using fts5(text, tokenize = 'unicode61 remove_diacritics 2');
`;

/** Longer messages are found by their beginning. */
const maxPassageChars = 65_536;
const maxWords = 16;

/** What to list. */
export interface IndexQuery {
	readonly query?: string;
	readonly workspace?: string;
	readonly trashed: boolean;
	readonly limit: number;
	/** After this entry. */
	readonly after?: { readonly updatedAt: string; readonly id: string };
}

/** An entry of a list. */
export interface IndexedSession {
	readonly info: SessionInfo;
	readonly excerpt?: string;
}

/** What was read of a session's log when it was indexed. */
export interface IndexedLog {
	readonly logBytes: number;
	/** It had turns that were not over. */
	readonly open: boolean;
	readonly trashedAt: string | null;
}

/** Sessions by use and by words, in a file of SQLite that can be built anew from the logs at any time: it is never the truth. */
export class SessionIndex {
	readonly #database: DatabaseSync;

	/** A file that cannot be used is made anew, empty. */
	constructor(file: string) {
		this.#database = openDatabase(file);
	}

	/** What is known of each session, by id. */
	logs(): Map<string, IndexedLog> {
		const rows = this.#database.prepare("select id, log_bytes, open, trashed_at from sessions").all();
		return new Map(
			rows.map(({ id, log_bytes, open, trashed_at }) => [
				String(id),
				{ logBytes: Number(log_bytes), open: open === 1, trashedAt: trashed_at === null ? null : String(trashed_at) },
			]),
		);
	}

	/** Takes a session over as it is; only what is new of it is read. */
	update(state: SessionState, logBytes: number): void {
		const { id, messages, title, metadata } = state.file;
		const before = this.#database.prepare("select title, indexed, last_message from sessions where id = ?").get(id);
		const known = before === undefined ? 0 : Number(before.indexed);
		const goesOn = known === 0 || messages[known - 1]?.id === before?.last_message;
		this.#together(() => {
			if (!goesOn) {
				this.#forgetPassages(id, false);
			}
			for (const { content } of messages.slice(goesOn ? known : 0)) {
				this.#addPassage(id, content, false);
			}
			if (before?.title !== title) {
				this.#forgetPassages(id, true);
				this.#addPassage(id, title, true);
			}
			this.#database
				.prepare("insert or replace into sessions values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
				.run(
					id,
					metadata.ownerUserId,
					metadata.workspace,
					metadata.trashedAt,
					metadata.updatedAt,
					JSON.stringify(sessionInfo(state)),
					title,
					logBytes,
					state.turns.length > 0 ? 1 : 0,
					messages.length,
					messages.at(-1)?.id ?? "",
				);
		});
	}

	remove(sessionId: string): void {
		this.#together(() => {
			this.#forgetPassages(sessionId, false);
			this.#forgetPassages(sessionId, true);
			this.#database.prepare("delete from sessions where id = ?").run(sessionId);
		});
	}

	/** Those that the caller may see, last used first. */
	list(query: IndexQuery, caller: Pick<Caller, "userId" | "ownsDevice">): IndexedSession[] {
		const words = wordsOf(query.query ?? "");
		if (query.query !== undefined && query.query.trim() !== "" && words.length === 0) {
			return [];
		}
		const found = words.map(() => "id in (select session_id from passages join texts on texts.rowid = passages.id where texts match ?)");
		const conditions = [
			query.trashed ? "trashed_at is not null" : "trashed_at is null",
			"(owner = ? or (? and (owner is null or ?)))",
			...(query.workspace === undefined ? [] : ["workspace = ?"]),
			...(query.after === undefined ? [] : ["(updated_at, id) < (?, ?)"]),
			...found,
		];
		const values = [
			caller.userId,
			caller.ownsDevice ? 1 : 0,
			caller.userId === null ? 1 : 0,
			...(query.workspace === undefined ? [] : [query.workspace]),
			...(query.after === undefined ? [] : [query.after.updatedAt, query.after.id]),
			...words,
			query.limit,
		];
		const rows = this.#database
			.prepare(`select id, info from sessions where ${conditions.join(" and ")} order by updated_at desc, id desc limit ?`)
			.all(...values);
		return rows.map(({ id, info }) => {
			const excerpt = words.length === 0 ? undefined : this.#excerpt(String(id), words);
			return { info: sessionInfoSchema.parse(JSON.parse(String(info))), ...(excerpt === undefined ? {} : { excerpt }) };
		});
	}

	/** How many are not in the trash. */
	count(): number {
		return Number(this.#database.prepare("select count(*) as count from sessions where trashed_at is null").get()?.count ?? 0);
	}

	close(): void {
		this.#database.close();
	}

	#excerpt(sessionId: string, words: readonly string[]): string | undefined {
		const row = this.#database
			.prepare(
				"select snippet(texts, 0, '', '', '…', 16) as excerpt from texts join passages on passages.id = texts.rowid " +
					"where texts match ? and session_id = ? order by is_title, rank limit 1",
			)
			.get(words.join(" OR "), sessionId);
		return row === undefined ? undefined : String(row.excerpt).replace(/\s+/g, " ");
	}

	#addPassage(sessionId: string, text: string, isTitle: boolean): void {
		if (text === "") {
			return;
		}
		const { lastInsertRowid } = this.#database
			.prepare("insert into passages (session_id, is_title) values (?, ?)")
			.run(sessionId, isTitle ? 1 : 0);
		this.#database.prepare("insert into texts (rowid, text) values (?, ?)").run(lastInsertRowid, text.slice(0, maxPassageChars));
	}

	#forgetPassages(sessionId: string, titles: boolean): void {
		const of = "session_id = ? and is_title = ?";
		const title = titles ? 1 : 0;
		this.#database.prepare(`delete from texts where rowid in (select id from passages where ${of})`).run(sessionId, title);
		this.#database.prepare(`delete from passages where ${of}`).run(sessionId, title);
	}

	#together(work: () => void): void {
		this.#database.exec("begin");
		try {
			work();
			this.#database.exec("commit");
		} catch (error) {
			this.#database.exec("rollback");
			throw error;
		}
	}
}

/** The words of a query, each as FTS5 takes them: quoted, as the beginning of a word. */
function wordsOf(query: string): string[] {
	return (query.match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, maxWords).map((word) => `"${word}"*`);
}

function openDatabase(file: string): DatabaseSync {
	try {
		const database = prepare(file);
		if (database.prepare("pragma user_version").get()?.user_version === layoutVersion) {
			return database;
		}
		database.close();
	} catch {
		// Damaged: what is in it is in the logs too.
		return rebuilt(file);
	}
	return rebuilt(file);
}

function prepare(file: string): DatabaseSync {
	const database = new DatabaseSync(file);
	database.exec("pragma journal_mode = wal; pragma synchronous = off; pragma busy_timeout = 2000;");
	database.exec("select count(*) from sqlite_schema");
	return database;
}

function rebuilt(file: string): DatabaseSync {
	for (const suffix of ["", "-wal", "-shm"]) {
		rmSync(`${file}${suffix}`, { force: true });
	}
	const database = prepare(file);
	database.exec(layout);
	database.exec(`pragma user_version = ${layoutVersion}`);
	return database;
}
