import { type AgentTask, call, expectOutput, say } from "../agent-task.ts";

/** Something changes its name or its place, in several files. */
export const movingTasks: readonly AgentTask[] = [
	{
		name: "rename-function",
		prompt: "Rename the function getUser to findUser everywhere.",
		files: {
			"users.mjs": 'export function getUser(id) {\n\treturn { id, name: "Ada" };\n}\n',
			"main.mjs": 'import { getUser } from "./users.mjs";\n\nexport const name = getUser(1).name;\n',
			"report.mjs": 'import { getUser } from "./users.mjs";\n\nexport const title = "Report of ".concat(getUser(2).name);\n',
		},
		check: async (finished) => {
			const left = finished.files().filter((file) => finished.read(file)?.includes("getUser"));
			return left.length > 0
				? `getUser is still in ${left.join(", ")}`
				: expectOutput(
						finished,
						'import { name } from "./main.mjs"; import { title } from "./report.mjs"; import { findUser } from "./users.mjs"; console.log(name, title, findUser(3).id)',
						"Ada Report of Ada 3",
					);
		},
		solution: [
			call("grep", { pattern: "getUser" }),
			[
				{ call: "edit_file", arguments: { path: "users.mjs", old_string: "getUser", new_string: "findUser" } },
				{ call: "edit_file", arguments: { path: "main.mjs", old_string: "getUser", new_string: "findUser", replace_all: true } },
				{ call: "edit_file", arguments: { path: "report.mjs", old_string: "getUser", new_string: "findUser", replace_all: true } },
			],
			say("Renamed in three files."),
		],
	},
	{
		name: "move-module",
		prompt: "Move trim.mjs to text/trim.mjs and make main.mjs work with it.",
		files: {
			"trim.mjs": "export const trim = (text) => text.trim();\n",
			"main.mjs": 'import { trim } from "./trim.mjs";\n\nexport const word = trim("  word ");\n',
		},
		check: async (finished) =>
			finished.read("trim.mjs") !== null
				? "trim.mjs is still there"
				: expectOutput(finished, 'import { word } from "./main.mjs"; import "./text/trim.mjs"; console.log("[" + word + "]")', "[word]"),
		solution: [
			call("run_command", { command: "mkdir text && mv trim.mjs text/trim.mjs" }),
			call("read_file", { path: "main.mjs" }),
			call("edit_file", { path: "main.mjs", old_string: "./trim.mjs", new_string: "./text/trim.mjs" }),
			say("Moved."),
		],
	},
	{
		name: "two-constants",
		prompt: "The limit is 50 in server.mjs and in client.mjs. It should be 80 in both.",
		files: {
			"server.mjs": "export const limit = 50;\nexport const retries = 50;\n",
			"client.mjs": "const limit = 50;\nexport { limit };\n",
		},
		check: (finished) =>
			expectOutput(
				finished,
				'import * as server from "./server.mjs"; import * as client from "./client.mjs"; console.log(server.limit, server.retries, client.limit)',
				"80 50 80",
			),
		solution: [
			[
				{ call: "read_file", arguments: { path: "server.mjs" } },
				{ call: "read_file", arguments: { path: "client.mjs" } },
			],
			[
				{ call: "edit_file", arguments: { path: "server.mjs", old_string: "limit = 50", new_string: "limit = 80" } },
				{ call: "edit_file", arguments: { path: "client.mjs", old_string: "limit = 50", new_string: "limit = 80" } },
			],
			say("Both are 80."),
		],
	},
	{
		name: "remove-unused",
		prompt: "Remove the function that nobody uses from shapes.mjs.",
		files: {
			"shapes.mjs":
				"export function area(r) {\n\treturn 3 * r * r;\n}\n\nexport function edge(r) {\n\treturn 6 * r;\n}\n\nexport function volume(r) {\n\treturn 4 * r * r * r;\n}\n",
			"main.mjs": 'import { area, volume } from "./shapes.mjs";\n\nconsole.log(area(1), volume(1));\n',
		},
		check: (finished) =>
			expectOutput(
				finished,
				'import * as shapes from "./shapes.mjs"; console.log(Object.keys(shapes).join(), shapes.volume(2)); await import("./main.mjs")',
				"area,volume 32\n3 4",
			),
		solution: [
			call("grep", { pattern: "area|edge|volume" }),
			call("read_file", { path: "shapes.mjs" }),
			call("edit_file", { path: "shapes.mjs", old_string: "export function edge(r) {\n\treturn 6 * r;\n}\n\n", new_string: "" }),
			say("edge is gone."),
		],
	},
];
