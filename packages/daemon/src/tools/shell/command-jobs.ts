import { type RunningLine, runInShell, type ShellLine, type ShellSetting } from "./run-in-shell.ts";
import type { ProcessEnd } from "./start-process.ts";

/** Jobs of a session that run at the same time. */
export const maxJobs = 16;
/** Ended jobs of a session whose output can still be read. */
const maxEndedJobs = 16;
/** Characters of output that are kept of a job: its beginning and its end. */
const keep = { head: 16 * 1024, tail: 256 * 1024 };

/** A command in the background. */
export interface Job {
	readonly id: string;
	readonly command: string;
	readonly running: RunningLine;
	/** How it ended; null while it runs. */
	end: ProcessEnd | null;
	/** Resolves when something was written or it has ended. */
	readonly news: () => Promise<void>;
}

/** Commands in the background, by session. */
export class CommandJobs {
	private readonly sessions = new Map<string, Map<string, Job>>();
	private readonly setting: ShellSetting;
	private serial = 0;

	constructor(setting: ShellSetting) {
		this.setting = setting;
	}

	find(sessionId: string, id: string): Job | undefined {
		return this.sessions.get(sessionId)?.get(id);
	}

	/** Starts one. Rejects with a message for the model. */
	async start(line: Omit<ShellLine, "keep" | "kind" | "onOutput">): Promise<Job> {
		const jobs = this.sessions.get(line.sessionId) ?? new Map<string, Job>();
		this.sessions.set(line.sessionId, jobs);
		if ([...jobs.values()].filter((job) => job.end === null).length >= maxJobs) {
			throw new Error(`${maxJobs} jobs run already, as many as a session may have. End one with command_kill.`);
		}
		let news = Promise.withResolvers<void>();
		const tell = () => {
			news.resolve();
			news = Promise.withResolvers<void>();
		};
		const running = await runInShell(this.setting, { ...line, kind: "job", keep, onOutput: tell });
		this.serial += 1;
		const job: Job = { id: `job_${this.serial}`, command: line.line, running, end: null, news: () => news.promise };
		jobs.set(job.id, job);
		void running.ended.then((end) => {
			job.end = end;
			tell();
			this.forgetOldest(jobs);
		});
		return job;
	}

	/** Ends a session's jobs. */
	async closeSession(sessionId: string): Promise<void> {
		const jobs = [...(this.sessions.get(sessionId)?.values() ?? [])];
		this.sessions.delete(sessionId);
		await Promise.all(jobs.map((job) => job.running.end()));
	}

	async close(): Promise<void> {
		await Promise.all([...this.sessions.keys()].map((sessionId) => this.closeSession(sessionId)));
	}

	private forgetOldest(jobs: Map<string, Job>): void {
		const ended = [...jobs.values()].filter((job) => job.end !== null);
		for (const job of ended.slice(0, -maxEndedJobs)) {
			jobs.delete(job.id);
		}
	}
}
