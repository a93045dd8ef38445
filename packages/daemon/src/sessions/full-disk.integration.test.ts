import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { scriptedRunner } from "../testing/scripted-runner.ts";
import { got, localCaller as me, newHome, openHome } from "../testing/session-home.ts";

const script = fileURLToPath(new URL("../testing/fill-disk.ts", import.meta.url));

/** Files of the process may have so many blocks of 512 or 1024 bytes: past it, writes fail as on a full disk. */
const maxBlocks = 300;

it("says so when the disk takes no more, and has everything that it accepted when there is room again", async () => {
	const home = await newHome();
	const child = spawn("/bin/sh", ["-c", `ulimit -f ${maxBlocks}; exec "$0" "$@"`, process.execPath, script, home], {
		stdio: ["ignore", "inherit", "inherit", "ipc"],
	});
	const gone = once(child, "exit");
	const [told] = await Promise.race([once(child, "message"), gone.then(([, signal]) => expect.fail(`It ended by ${signal}.`))]);
	const { id, accepted, refusal } = told;
	await gone;
	expect(refusal).toMatchObject({ code: "unavailable", message: expect.stringContaining("disk is full") });
	expect(accepted.length).toBeGreaterThan(5);

	const sessions = await openHome(home, scriptedRunner());
	await expect.poll(async () => got(await sessions.read(id, me)).turns).toEqual([]);
	const { events } = got(await sessions.events(id, "0", 1000, me));
	const queued = events.flatMap((event) => (event.type === "turn.queued" ? [event.data.turnId] : []));
	expect(queued).toEqual(accepted);
	const ended = events.flatMap((event) => (event.type === "turn.done" || event.type === "turn.error" ? [event.data.turnId] : []));
	expect(ended.sort()).toEqual(accepted.sort());
	await sessions.close();
});
