import { loadCliConfig } from "../../config/load-cli-config.ts";
import { connectRunningDaemon } from "../../daemon/connect-daemon.ts";
import type { CommandRun } from "../../program/command-spec.ts";
import { tableLines } from "../../terminal/text-table.ts";

/** Lists servers as configured, with their state where a daemon runs. Values of variables and headers are not shown. */
export const runListMcp: CommandRun = async ({ context, flags }) => {
	const { output } = context;
	const { mcp } = await loadCliConfig(context);
	const daemon = await connectRunningDaemon(context);
	const answer = daemon === null ? null : await daemon.client.tools();
	const running = answer?.ok === true ? answer.value.servers : [];
	const servers = Object.entries(mcp).map(([name, server]) => {
		const found = running.find((one) => one.name === name);
		return {
			name,
			target: "url" in server ? server.url : [server.command, ...server.args].join(" "),
			enabled: server.enabled,
			state: found?.state ?? null,
			tools: found?.tools ?? null,
			problem: found?.problem ?? null,
		};
	});
	if (flags.isSet("json")) {
		output.json({ servers });
		return "ok";
	}
	if (servers.length === 0) {
		output.note("There are no servers yet. Add one: opta mcp add <name> -- <program>");
	}
	const rows = servers.map(({ name, target, enabled, state, tools, problem }) => [
		name,
		enabled ? (state ?? "not started") : "off",
		tools === null ? "" : `${tools} tools`,
		problem === null ? target : `${target}  ${problem}`,
	]);
	tableLines(rows).forEach(output.line);
	return "ok";
};
