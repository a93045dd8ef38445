import { DatabaseSync } from "node:sqlite";
import type { JobKind } from "@opta/contracts/schema/lmx-events";
import { type Job, jobSchema } from "@opta/contracts/schema/lmx-jobs";

/** A job with what its runner keeps to itself, such as the files that a download resolved to. */
export interface StoredJob {
	readonly job: Job;
	/** JSON value. */
	readonly plan: unknown;
}

const layout = `
	create table if not exists jobs (
		id text primary key,
		kind text not null,
		state text not null,
		body text not null,
		plan text not null
	) strict;
	create index if not exists jobs_by_kind on jobs (kind, id desc);
`;

/** Version of the layout; a file of a newer LMX is not touched. */
const layoutVersion = 1;

/** Jobs in a file of SQLite. What was saved survives a crash at any moment. Ids are UUIDv7, so their order is that of time. */
export class JobStore {
	readonly #database: DatabaseSync;

	/** Throws when the file cannot be opened or is of a newer LMX. */
	constructor(file: string) {
		this.#database = new DatabaseSync(file);
		this.#database.exec("pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 2000;");
		const version = this.#database.prepare("pragma user_version").get()?.user_version;
		if (typeof version === "number" && version > layoutVersion) {
			this.#database.close();
			throw new Error(`${file} was written by a newer version of LMX.`);
		}
		this.#database.exec(layout);
		this.#database.exec(`pragma user_version = ${layoutVersion}`);
	}

	/** Writes a job, new or changed. */
	save({ job, plan }: StoredJob): void {
		this.#database
			.prepare(
				"insert into jobs (id, kind, state, body, plan) values (?, ?, ?, ?, ?) " +
					"on conflict (id) do update set state = excluded.state, body = excluded.body, plan = excluded.plan",
			)
			.run(job.id, job.kind, job.state, JSON.stringify(job), JSON.stringify(plan));
	}

	/** All jobs, oldest first. A row that this version cannot read is left out. */
	all(): StoredJob[] {
		const rows = this.#database.prepare("select body, plan from jobs order by id").all();
		return rows.flatMap(({ body, plan }) => {
			const parsed = jobSchema.safeParse(JSON.parse(String(body)));
			return parsed.success ? [{ job: parsed.data, plan: JSON.parse(String(plan)) }] : [];
		});
	}

	/** Deletes the oldest finished jobs of a kind beyond `keep`; returns their ids. */
	trim(kind: JobKind, keep: number): string[] {
		const rows = this.#database
			.prepare(
				"delete from jobs where id in (select id from jobs where kind = ? and state in ('succeeded', 'failed', 'cancelled') " +
					"order by id desc limit -1 offset ?) returning id",
			)
			.all(kind, keep);
		return rows.map(({ id }) => String(id));
	}

	close(): void {
		this.#database.close();
	}
}
