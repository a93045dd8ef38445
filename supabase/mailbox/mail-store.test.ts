import { appendFile, mkdtemp, readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { openMailStore } from "./mail-store.ts";

let file: string;
beforeEach(async () => {
	file = path.join(await mkdtemp(path.join(tmpdir(), "opta-mails-")), "mails.jsonl");
});

const mail = (subject: string) => ({ to: "ann@example.org", subject, html: `<p>${subject}</p>` });
const subjects = (store: { list(): readonly { subject: string }[] }) => store.list().map(({ subject }) => subject);

describe("openMailStore", () => {
	it("has its mails again after a restart, newest first, and nobody else can read them", async () => {
		const store = await openMailStore(file, 10);
		await store.add(mail("first"));
		await store.add(mail("second"));
		expect(subjects(await openMailStore(file, 10))).toEqual(["second", "first"]);
		expect((await stat(file)).mode & 0o777).toBe(0o600);
	});

	it("loses only the line that a killed process did not finish", async () => {
		const store = await openMailStore(file, 10);
		await store.add(mail("whole"));
		await appendFile(file, '{"id":"01a1fd4f-2a81');
		const again = await openMailStore(file, 10);
		await again.add(mail("after"));
		expect(subjects(await openMailStore(file, 10))).toEqual(["after", "whole"]);
	});

	it("keeps the newest only, in memory and on disk", async () => {
		const store = await openMailStore(file, 3);
		for (let index = 0; index < 20; index += 1) {
			await store.add(mail(`mail ${index}`));
		}
		expect(subjects(store)).toEqual(["mail 19", "mail 18", "mail 17"]);
		expect((await readFile(file, "utf8")).trim().split("\n").length).toBeLessThanOrEqual(6);
		expect(subjects(await openMailStore(file, 3))).toEqual(["mail 19", "mail 18", "mail 17"]);
	});

	it("wakes who waits for the next mail, and says when none came", async () => {
		const store = await openMailStore(file, 10);
		const never = new AbortController();
		const waiting = store.nextMail(10_000, never.signal);
		await store.add(mail("come"));
		await expect(waiting).resolves.toBe(true);
		await expect(store.nextMail(1, never.signal)).resolves.toBe(false);
		const left = store.nextMail(10_000, never.signal);
		never.abort();
		await expect(left).resolves.toBe(false);
	});
});
