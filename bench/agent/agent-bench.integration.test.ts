import { type ScriptedModel, startScriptedModel } from "@opta/daemon/testing/scripted-model";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type OpenAgent, openAgent } from "./open-agent.ts";
import { reportOf } from "./report.ts";
import { runTask } from "./run-task.ts";
import { allTasks } from "./tasks/all-tasks.ts";

let model: ScriptedModel;
let open: OpenAgent;

beforeAll(async () => {
	model = await startScriptedModel({ otherwise: () => [{ text: "I do not know." }] });
	open = await openAgent(model, "auto");
});

afterAll(async () => {
	await open.close();
	await model.close();
});

it("has 20 tasks with names of their own", () => {
	expect(new Set(allTasks.map(({ name }) => name)).size).toBe(20);
});

it.each(allTasks.map((task) => [task.name, task] as const))("%s: is done by who does it right", async (_name, task) => {
	for (const reply of task.solution) {
		model.reply(...reply);
	}
	const result = await runTask(open.agent, task, 60_000);
	expect(result.reason).toBeNull();
	expect(result).toMatchObject({ ok: true, steps: task.solution.length });
});

it.each(allTasks.map((task) => [task.name, task] as const))("%s: is not done by who does nothing", async (_name, task) => {
	const result = await runTask(open.agent, task, 60_000);
	expect(result.ok).toBe(false);
	expect(reportOf([result])).toContain(`| ${task.name} | no: `);
});
