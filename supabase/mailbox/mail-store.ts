import { randomUUID, randomUUIDv7 } from "node:crypto";
import { appendFile, chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { mailText } from "./mail-text.ts";

const mailSchema = z.object({
	id: z.uuid(),
	/** RFC 3339, UTC. */
	receivedAt: z.iso.datetime(),
	to: z.string(),
	subject: z.string(),
	text: z.string(),
	html: z.string().nullable(),
});

/** A mail that the platform sent, kept instead of delivered. Ids are UUIDv7: later mails have greater ids. */
export type StoredMail = z.infer<typeof mailSchema>;

/** A mail to be kept. */
export interface OutgoingMail {
	readonly to: string;
	readonly subject: string;
	readonly text?: string;
	readonly html?: string;
}

/** The mails of one state folder. */
export interface MailStore {
	/** Newest first. */
	list(): readonly StoredMail[];
	find(id: string): StoredMail | undefined;
	/** Resolves when the mail is in the file. */
	add(mail: OutgoingMail): Promise<StoredMail>;
	/** Resolves true at the next mail, false after `timeoutMs` or when the signal aborts. */
	nextMail(timeoutMs: number, signal: AbortSignal): Promise<boolean>;
}

function parseLines(text: string): StoredMail[] {
	const mails: StoredMail[] = [];
	for (const line of text.split("\n")) {
		try {
			mails.push(mailSchema.parse(JSON.parse(line)));
		} catch {
			// A line that a stopped process did not finish; the mails before and after it are whole.
		}
	}
	return mails;
}

async function readIfThere(file: string): Promise<string> {
	try {
		return await readFile(file, "utf8");
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") {
			return "";
		}
		throw error;
	}
}

/** Opens the mails in a JSONL file, one mail a line. The newest `keep` are kept; the file never has more than twice as many. */
export async function openMailStore(file: string, keep: number): Promise<MailStore> {
	await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
	const text = await readIfThere(file);
	let mails = parseLines(text).slice(-keep);
	let lines = Number.POSITIVE_INFINITY;
	let waiters: (() => void)[] = [];

	async function rewrite(): Promise<void> {
		const draft = `${file}.${randomUUID()}`;
		await writeFile(draft, mails.map((mail) => `${JSON.stringify(mail)}\n`).join(""), { mode: 0o600 });
		await rename(draft, file);
		lines = mails.length;
	}

	if (text === "") {
		lines = 0;
	} else {
		// Also ends a torn last line, so that the next mail does not become part of it.
		await rewrite();
		await chmod(file, 0o600);
	}

	let writing: Promise<void> = Promise.resolve();
	return {
		list: () => mails.toReversed(),
		find: (id) => mails.find((mail) => mail.id === id),
		async add({ to, subject, text: plain, html }) {
			const mail: StoredMail = {
				id: randomUUIDv7(),
				receivedAt: new Date().toISOString(),
				to,
				subject,
				text: html === undefined ? (plain ?? "") : mailText(html),
				html: html ?? null,
			};
			const write = writing.then(async () => {
				await appendFile(file, `${JSON.stringify(mail)}\n`, { mode: 0o600 });
				mails = [...mails, mail].slice(-keep);
				lines += 1;
				if (lines > keep * 2) {
					await rewrite();
				}
			});
			writing = write.catch(() => undefined);
			await write;
			const called = waiters;
			waiters = [];
			for (const wake of called) {
				wake();
			}
			return mail;
		},
		nextMail: (timeoutMs, signal) =>
			new Promise((resolve) => {
				const settle = (came: boolean): void => {
					clearTimeout(timer);
					signal.removeEventListener("abort", leave);
					waiters = waiters.filter((waiter) => waiter !== wake);
					resolve(came);
				};
				const wake = (): void => settle(true);
				const leave = (): void => settle(false);
				const timer = setTimeout(leave, timeoutMs);
				signal.addEventListener("abort", leave, { once: true });
				waiters.push(wake);
			}),
	};
}
