import { setTimeout as wait } from "node:timers/promises";
import { scriptedRunner } from "./scripted-runner.ts";
import { got, localCaller as me, openHome } from "./session-home.ts";

/** Sends messages until one cannot be stored, tells the parent what was accepted and what was said then, and ends without a word to anybody else. */

const home = process.argv[2] ?? "";
const sessions = await openHome(home, scriptedRunner());
const { id } = got(await sessions.create({ workspace: home }, me));
const accepted: string[] = [];
for (;;) {
	const outcome = await sessions.createTurn(id, { content: "x".repeat(3000) }, `key-${accepted.length}`, me);
	if (outcome.ok) {
		accepted.push(outcome.value.turnId);
	} else if (outcome.error.code === "queue_full") {
		await wait(1);
	} else {
		process.send?.({ id, accepted, refusal: outcome.error }, () => process.kill(process.pid, "SIGKILL"));
		break;
	}
}
