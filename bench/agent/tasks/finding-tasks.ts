import { type AgentTask, call, expectAnswer, say } from "../agent-task.ts";

const manyFiles = Object.fromEntries(
	Array.from({ length: 12 }, (_, index) => [`src/part-${index}.mjs`, `export function step${index}() {\n\treturn ${index};\n}\n`]),
);

/** Something has to be found out; no file may change. */
export const findingTasks: readonly AgentTask[] = [
	{
		name: "read-setting",
		prompt: "On which port does the web server of this project listen? Answer with the number.",
		files: {
			"config/default.json": '{\n  "database": { "port": 5432 },\n  "web": { "host": "127.0.0.1", "port": 4173 }\n}\n',
			"README.md": "# Parcel\n\nSettings are in config/default.json.\n",
		},
		check: (finished) => expectAnswer(finished, /\b4173\b/),
		solution: [call("list_dir", { depth: 2 }), call("read_file", { path: "config/default.json" }), say("It listens on port 4173.")],
	},
	{
		name: "find-definition",
		prompt: "In which file is the function parseDuration defined? Answer with its path.",
		files: {
			...manyFiles,
			"src/time/units.mjs": "export function parseDuration(text) {\n\treturn Number.parseInt(text, 10);\n}\n",
			"src/main.mjs": 'import { parseDuration } from "./time/units.mjs";\n\nparseDuration("5s");\n',
		},
		check: (finished) => expectAnswer(finished, /src\/time\/units\.mjs/),
		solution: [call("grep", { pattern: "function parseDuration" }), say("In src/time/units.mjs.")],
	},
	{
		name: "count-files",
		prompt: "How many Markdown files are in the folder docs, with its subfolders? Answer with the number.",
		files: {
			"docs/a.md": "a\n",
			"docs/b.md": "b\n",
			"docs/more/c.md": "c\n",
			"docs/more/deep/d.md": "d\n",
			"docs/picture.svg": "<svg/>\n",
			"README.md": "not this one\n",
		},
		check: (finished) => expectAnswer(finished, /\b(4|four)\b/i),
		solution: [call("glob", { pattern: "docs/**/*.md" }), say("There are 4.")],
	},
	{
		name: "which-variable",
		prompt: "Which environment variable holds the key of the mail service? Answer with its name.",
		files: {
			"docs/setup.md": "# Setup\n\nSet `DATABASE_URL`.\n\n## Mail\n\nThe key of the mail service is read from `PARCEL_MAIL_KEY`.\n",
			"docs/other.md": "`PARCEL_PRINT_KEY` is for the printer.\n",
		},
		check: (finished) => expectAnswer(finished, /PARCEL_MAIL_KEY/),
		solution: [call("grep", { pattern: "mail", ignore_case: true }), say("PARCEL_MAIL_KEY.")],
	},
	{
		name: "explain-error",
		prompt: "`node main.mjs` fails. Which file has to be there and is not? Answer with its path; change nothing.",
		files: {
			"main.mjs": 'import "./lib/start.mjs";\n',
			"lib/start.mjs": 'import { readFileSync } from "node:fs";\n\nreadFileSync("data/seed.json");\n',
		},
		check: (finished) =>
			finished.files().join() === "lib/start.mjs,main.mjs" ? expectAnswer(finished, /data\/seed\.json/) : "files were changed",
		solution: [call("run_command", { command: "node main.mjs" }), say("data/seed.json is missing.")],
	},
];
