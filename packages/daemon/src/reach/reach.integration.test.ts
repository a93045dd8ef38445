import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { SessionSnapshot } from "@opta/contracts/schema/daemon-session";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import { startStandInHost } from "@opta/reach/testing/stand-in-host";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { homeFiles } from "../platform/home-files.ts";
import { expectValue } from "../testing/daemon-in-process.ts";
import { type DaemonProcess, startDaemonProcess } from "../testing/daemon-process.ts";
import { joinHostFrom, type ReachBench } from "../testing/reach-bench.ts";
import { createHeld, type Held, type ScriptStep } from "../testing/scripted-reply.ts";

let daemon: DaemonProcess;
let local: DaemonClient;
let reach: ReachBench;

const words = "Word after word, until the answer is whole.";

/** Where the model waits in the middle of its answer. */
let held: Held | null = null;

function answer(prompt: string): readonly ScriptStep[] {
	if (held !== null) {
		return [{ text: words }, { hold: held }, { text: words }];
	}
	const needsShell = prompt.includes("use the shell") && !prompt.includes("done by the shell");
	return needsShell
		? [{ call: "run_command", arguments: { command: "echo done by the shell > made.txt; cat made.txt" } }]
		: [{ text: words }];
}

beforeEach(async () => {
	daemon = await startDaemonProcess([], ({ prompt }) => answer(prompt));
	local = daemon.client("terminal");
	reach = await joinHostFrom(daemon.home, local, ["see"]);
});

afterEach(async () => {
	await daemon.close();
	await reach.close();
});

interface Follower {
	readonly snapshots: SessionSnapshot[];
	/** Ids of durable events since the snapshot. */
	readonly ids: string[];
	readonly types: string[];
	readonly states: string[];
	readonly end: () => Promise<void>;
}

function follow(client: DaemonClient, sessionId: string): Follower {
	const leave = new AbortController();
	const followed = { snapshots: [] as SessionSnapshot[], ids: [] as string[], types: [] as string[], states: [] as string[] };
	const ended = client.followSession(
		sessionId,
		{
			onSnapshot: (snapshot) => void followed.snapshots.push(snapshot),
			onEvent: (event) => {
				followed.types.push(event.type);
				if ("id" in event) {
					followed.ids.push(event.id);
				}
			},
			onConnection: (state) => void followed.states.push(state),
		},
		leave.signal,
	);
	return {
		...followed,
		end: () => {
			leave.abort();
			return ended;
		},
	};
}

async function createSession(workspace = daemon.workspace): Promise<string> {
	return expectValue(await local.createSession({ workspace })).id;
}

async function idsOf(sessionId: string, after: string): Promise<string[]> {
	return expectValue(await local.listEvents(sessionId, after)).events.map(({ id }) => id);
}

const turn = (content: string) => ({ content });

describe("a session that is followed from elsewhere", () => {
	it("shows a turn that the terminal started, and what it did not answer itself runs once it is allowed from there", async () => {
		await reach.allow("see", "approve");
		const away = await reach.away();
		// Not in the home, which the sandbox hides from commands.
		const workspace = await mkdtemp(path.join(tmpdir(), "opta-workspace-"));
		const sessionId = await createSession(workspace);
		const follower = follow(away, sessionId);
		await expect.poll(() => follower.states.at(-1)).toBe("live");
		await local.createTurn(sessionId, turn("use the shell"), randomUUID());
		await expect.poll(() => follower.types).toContain("permission.request");
		const [question] = expectValue(await away.listPermissions(sessionId)).permissions;
		expect(question).toMatchObject({ tool: "run_command" });
		const resolution = expectValue(await away.answerPermission({ permissionId: question!.id, decision: "allow" }));
		expect(resolution).toMatchObject({ decision: "allow", by: "phone (from elsewhere)" });
		await expect.poll(() => follower.types).toContain("turn.done");
		expect(await readFile(path.join(workspace, "made.txt"), "utf8")).toBe("done by the shell\n");
		expect(await away.createTurn(sessionId, turn("more"), randomUUID())).toMatchObject({ ok: false, error: { code: "forbidden" } });
		await follower.end();
		await rm(workspace, { recursive: true });
	});

	it("goes on where it was after the link was cut in the middle: nothing lost, nothing twice", async () => {
		const away = await reach.away(await reach.accounts.devicePass());
		const sessionId = await createSession();
		const follower = follow(away, sessionId);
		await expect.poll(() => follower.states.at(-1)).toBe("live");
		const start = follower.snapshots[0]!.lastEventId;
		for (const [index, link] of [1, 2, 3].entries()) {
			held = createHeld();
			const tokens = follower.types.filter((type) => type === "turn.token").length;
			await local.createTurn(sessionId, turn(`turn ${link}`), randomUUID());
			await expect.poll(() => follower.types.filter((type) => type === "turn.token").length).toBeGreaterThan(tokens);
			const next = reach.host.nextLink();
			reach.host.links.at(-1)!.close({ cause: "broken", message: "Cut in the middle." });
			held.release();
			await next;
			await expect.poll(() => follower.types.filter((type) => type === "turn.done").length, { timeout: 15_000 }).toBe(index + 1);
		}
		held = null;
		expect(follower.snapshots).toHaveLength(1);
		expect(follower.ids).toEqual(await idsOf(sessionId, start));
		expect(new Set(follower.ids).size).toBe(follower.ids.length);
		await follower.end();
	});

	it("ends at once where the owner allows less", async () => {
		const sessionId = await createSession();
		const stream = await reach.send(`/v3/sessions/${sessionId}/stream`, await reach.accounts.devicePass());
		await reach.allow("approve");
		expect(await stream.text()).toContain("replay.complete");
	});

	it("ends at once where the owner signs out or switches it off", async () => {
		const sessionId = await createSession();
		const pass = await reach.accounts.devicePass();
		const stream = await reach.send(`/v3/sessions/${sessionId}/stream`, pass);
		const ended = stream.text().catch(() => "cut");
		await rm(homeFiles(daemon.home).account);
		await ended;
		await reach.untilLink("signedOut");
		expect((await reach.sendBeside(`http://127.0.0.1:${daemon.port()}`, "/v3/sessions", pass)).status).toBe(401);
	});
});

describe("a link", () => {
	it("comes back by itself after kill -9 of the host", async () => {
		await reach.host.kill();
		expect(await reach.untilLink("waiting")).toMatchObject({ reason: expect.stringMatching(/\w/), nextTryAt: expect.any(String) });
		const next = reach.host.nextLink();
		await reach.host.start();
		await next;
		expect(await reach.untilLink("joined")).toMatchObject({ via: "lan", address: reach.host.linkUrl });
		expect((await reach.send("/v3/health", await reach.accounts.devicePass())).status).toBe(200);
	});

	it("is joined through the door where the host's own network is another one", async () => {
		await local.patchConfig({ "reach.host": null });
		await reach.untilLink("off");
		reach.accounts.hosts = [{ ...reach.host.described, doorUrl: reach.host.linkUrl, lanUrls: ["http://127.0.0.1:9"] }];
		await local.patchConfig({ "reach.host": reach.host.hostId });
		expect(await reach.untilLink("joined")).toMatchObject({ via: "door", address: reach.host.linkUrl });
	});

	it("is refused to a host whose key is another one than before, until the person joins it again", async () => {
		const other = await startStandInHost(reach.host.hostId);
		await reach.host.kill();
		reach.accounts.hosts = [other.described];
		expect(await reach.untilLink("refused")).toMatchObject({ reason: expect.stringContaining("another key") });
		expect(other.links).toHaveLength(0);
		await other.close();
	});

	it("says who is signed in no more, and which host is gone", async () => {
		reach.accounts.hosts = [];
		reach.host.links.at(-1)!.close({ cause: "revoked", message: "Access was taken back." });
		expect(await reach.untilLink("refused")).toMatchObject({ reason: expect.stringContaining("no member of this host") });
	});

	it("leaves what it pins to its user alone, and no secret in the log", async () => {
		const { reachPins, daemonLog } = homeFiles(daemon.home);
		expect((await stat(reachPins)).mode & 0o777).toBe(0o600);
		const pass = await reach.accounts.devicePass();
		await reach.send("/v3/tools", pass);
		await vi.waitFor(async () => expect(await readFile(daemonLog, "utf8")).toContain('"route":"/v3/tools"'));
		const log = await readFile(daemonLog, "utf8");
		for (const secret of [pass, reach.accounts.credential.refreshToken, "the-access-token", reach.accounts.credential.key.d]) {
			expect(log).not.toContain(secret);
		}
	});
});
