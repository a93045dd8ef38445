import { mkdtemp } from "node:fs/promises";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listen, stopListening } from "../http/listen.ts";
import { type MailStore, openMailStore } from "./mail-store.ts";
import { createMailboxServer } from "./mailbox-server.ts";

let store: MailStore;
let server: Server;
let url: string;
beforeEach(async () => {
	store = await openMailStore(path.join(await mkdtemp(path.join(tmpdir(), "opta-mailbox-")), "mails.jsonl"), 50);
	server = await createMailboxServer(store);
	url = `http://127.0.0.1:${await listen(server, 0, "--mailbox-port")}`;
});
afterEach(() => stopListening(server, 0));

const mailTo = (to: string) => ({
	to,
	subject: `For ${to}`,
	html: '<html><head></head><body><a href="https://a.example/x">Go</a></body></html>',
});

interface Messages {
	messages: { id: string; to: string; links: { label: string; url: string }[] }[];
}

async function messages(query: string): Promise<Messages["messages"]> {
	const response = await fetch(`${url}/api/messages${query}`);
	expect(response.status).toBe(200);
	return ((await response.json()) as Messages).messages;
}

describe("the mailbox", () => {
	it("shows its mails, newest first, and each with its links", async () => {
		expect(await (await fetch(url)).text()).toContain("No mail yet");
		const first = await store.add(mailTo("ann@example.org"));
		const second = await store.add(mailTo("ben@example.org"));
		const list = await (await fetch(url)).text();
		expect(list.indexOf(second.id)).toBeGreaterThan(0);
		expect(list.indexOf(first.id)).toBeGreaterThan(list.indexOf(second.id));
		expect(await (await fetch(`${url}/messages/${first.id}`)).text()).toContain('<a class="action" href="https://a.example/x"');
		expect(await messages("")).toMatchObject([{ id: second.id }, { id: first.id, links: [{ label: "Go", url: "https://a.example/x" }] }]);
	});

	it("lets a reader wait for the mail to somebody", async () => {
		const old = await store.add(mailTo("ann@example.org"));
		const waiting = messages(`?to=Ann@example.org&after=${old.id}&waitMs=20000`);
		await store.add(mailTo("ben@example.org"));
		const next = await store.add(mailTo("ann@example.org"));
		expect((await waiting).map(({ id }) => id)).toEqual([next.id]);
		expect(await messages(`?after=${next.id}&waitMs=1`)).toEqual([]);
		expect((await fetch(`${url}/api/messages?waitMs=soon`)).status).toBe(400);
	});

	it("lets a mail run nothing, submit nothing and load nothing", async () => {
		const { id } = await store.add(mailTo("ann@example.org"));
		const framed = await fetch(`${url}/messages/${id}/html`);
		const policy = framed.headers.get("content-security-policy") ?? "";
		expect(policy).toContain("sandbox allow-popups allow-popups-to-escape-sandbox;");
		expect(policy).toContain("default-src 'none'");
		expect(policy).not.toContain("script-src");
		expect(await framed.text()).toContain('<head><base target="_blank">');
	});

	it.each(["/messages/01a1fd4f-2a81-75f4-8dfb-9aa8b38e28a1", "/messages/../../etc/passwd", "/mail-store.ts"])(
		"has no %s",
		async (address) => {
			const response = await fetch(`${url}${address}`);
			expect(response.status).toBe(404);
			expect(await response.text()).toContain("There is no such mail");
		},
	);

	it("can only be read", async () => {
		const response = await fetch(url, { method: "POST" });
		expect(response.status).toBe(405);
		expect(response.headers.get("allow")).toBe("GET, HEAD");
	});
});
