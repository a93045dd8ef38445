import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { StreamEvent } from "@opta/contracts/schema/daemon-events";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type DaemonProcess, startDaemonProcess } from "../testing/daemon-process.ts";

let daemon: DaemonProcess;

beforeEach(async () => {
	daemon = await startDaemonProcess([], ({ body }) =>
		body.messages.at(-1)?.role === "tool"
			? [{ text: "It is written." }]
			: [{ call: "write_file", arguments: { path: "note.txt", content: "approved\n" } }],
	);
});

afterEach(() => daemon.close());

it("keeps a question open over kill -9, and does what was asked when somebody else allows it afterwards", async () => {
	const client = daemon.client("terminal");
	const created = await client.createSession({ workspace: daemon.workspace, mode: "ask" });
	const sessionId = created.ok ? created.value.id : expect.fail(created.error.message);
	const heard: StreamEvent[] = [];
	const stop = new AbortController();
	const following = client.followSession(sessionId, { onSnapshot: () => undefined, onEvent: (event) => heard.push(event) }, stop.signal);
	const turn = await client.createTurn(sessionId, { content: "Write the note" }, randomUUID());
	const turnId = turn.ok ? turn.value.turnId : expect.fail(turn.error.message);
	const pending = async () => {
		const listed = await daemon.client("phone").listPermissions(sessionId);
		return listed.ok ? listed.value.permissions : [];
	};
	await expect.poll(pending).toHaveLength(1);
	const [asked] = await pending();
	await daemon.kill();
	await daemon.startAgain();

	expect(await pending()).toEqual([asked]);
	expect(existsSync(path.join(daemon.workspace, "note.txt"))).toBe(false);
	const attached = await daemon.client("desktop").readSession(sessionId);
	expect(attached).toMatchObject({ ok: true, value: { permissions: [asked], turns: [{ turnId, state: "waiting" }] } });
	const answer = { permissionId: asked?.id ?? "", decision: "allow" as const };
	expect(await daemon.client("phone").answerPermission(answer)).toMatchObject({ ok: true, value: { by: "phone" } });
	expect(await client.answerPermission({ ...answer, decision: "deny" })).toMatchObject({
		ok: false,
		error: { code: "conflict", status: 409 },
	});
	await expect.poll(() => heard.map(({ type }) => type)).toContain("turn.done");
	expect(await readFile(path.join(daemon.workspace, "note.txt"), "utf8")).toBe("approved\n");
	const seqs = heard.flatMap((event) => ("seq" in event ? [event.seq] : []));
	expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
	expect(heard.filter(({ type }) => type === "permission.request")).toHaveLength(1);
	expect(heard.filter(({ type }) => type === "turn.error")).toEqual([]);
	stop.abort();
	await following;
});
