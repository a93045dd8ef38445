import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { startOwnLmx } from "../lmx/own-lmx.ts";
import { openAgent } from "./open-agent.ts";
import { reportOf } from "./report.ts";
import { runTask, type TaskResult } from "./run-task.ts";
import { allTasks } from "./tasks/all-tasks.ts";

/**
 * `npm run bench:agent -- [--against <url>] [--model auto] [--only name,…] [--limit 300]`: what an agent with this model
 * manages of 20 small tasks. Without `--against`, LMX is started with the shipped model.
 */

const { values } = parseArgs({
	options: {
		against: { type: "string" },
		model: { type: "string", default: "auto" },
		only: { type: "string" },
		limit: { type: "string", default: "300" },
	},
});
const names = values.only?.split(",");
const unknown = names?.find((name) => allTasks.every((task) => task.name !== name));
const limitMs = Number(values.limit) * 1000;
if (values.against !== undefined && !(URL.parse(values.against)?.protocol === "http:")) {
	process.stderr.write("--against is an address such as http://127.0.0.1:1234.\n");
	process.exit(2);
}
if (unknown !== undefined || !(limitMs > 0)) {
	const problem =
		unknown === undefined
			? "--limit is a number of seconds."
			: `There is no task "${unknown}". There are: ${allTasks.map(({ name }) => name).join(", ")}.`;
	process.stderr.write(`${problem}\n`);
	process.exit(2);
}
const chosen = allTasks.filter(({ name }) => names === undefined || names.includes(name));

const own = values.against === undefined ? await startOwnLmx(["--model", "smollm2-135m-instruct"]) : null;
const { hostname, port } = new URL(own?.url ?? values.against ?? "");
const server = { host: hostname, port: port === "" ? 80 : Number(port) };
const { agent, describeModel, close } = await openAgent(server, values.model);
try {
	process.stdout.write(
		`${availableParallelism()} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}\n${await describeModel()}\n\n`,
	);
	const results: TaskResult[] = [];
	for (const task of chosen) {
		const result = await runTask(agent, task, limitMs);
		results.push(result);
		process.stderr.write(`${result.ok ? "done" : "no  "} ${result.name} (${(result.durationMs / 1000).toFixed(1)} s)\n`);
	}
	process.stdout.write(reportOf(results));
} finally {
	await close();
	await own?.stop();
}
