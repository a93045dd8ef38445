import { type AgentTask, call, expectOutput, say } from "../agent-task.ts";

const packageFile = '{\n  "name": "parcel",\n  "version": "1.2.9",\n  "license": "MIT"\n}\n';

/** Something new is asked for. */
export const writingTasks: readonly AgentTask[] = [
	{
		name: "add-median",
		prompt:
			"Add and export a function median(numbers) to stats.mjs. Of an even count it is the mean of the two in the middle. It must not change its argument.",
		files: { "stats.mjs": "export function mean(numbers) {\n\treturn numbers.reduce((a, b) => a + b, 0) / numbers.length;\n}\n" },
		check: (finished) =>
			expectOutput(
				finished,
				'import { mean, median } from "./stats.mjs"; const given = [9, 1, 5, 10]; console.log(median([3, 1, 2]), median(given), given.join(), mean([1, 3]))',
				"2 7 9,1,5,10 2",
			),
		solution: [
			call("read_file", { path: "stats.mjs" }),
			call("apply_patch", {
				patch:
					"--- a/stats.mjs\n+++ b/stats.mjs\n@@ -1,3 +1,9 @@\n export function mean(numbers) {\n \treturn numbers.reduce((a, b) => a + b, 0) / numbers.length;\n }\n+\n+export function median(numbers) {\n+\tconst sorted = numbers.toSorted((a, b) => a - b);\n+\tconst middle = Math.floor(sorted.length / 2);\n+\treturn sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;\n+}\n",
			}),
			say("median is there."),
		],
	},
	{
		name: "ignore-file",
		prompt: "Create a .gitignore that ignores node_modules, dist and .env, one in each line, and nothing else.",
		files: { "README.md": "# Parcel\n" },
		check: ({ read }) => {
			const lines = (read(".gitignore") ?? "")
				.split("\n")
				.map((line) => line.trim().replace(/^\/|\/$/g, ""))
				.filter((line) => line !== "");
			return lines.toSorted().join() === ".env,dist,node_modules" ? null : `has ${JSON.stringify(lines)}`;
		},
		solution: [call("write_file", { path: ".gitignore", content: "node_modules\ndist\n.env\n" }), say("Created.")],
	},
	{
		name: "bump-version",
		prompt: "Set the version in package.json to 1.3.0 and leave everything else in that file as it is.",
		files: { "package.json": packageFile },
		check: ({ read }) => (read("package.json") === packageFile.replace("1.2.9", "1.3.0") ? null : "package.json is not as it should be"),
		solution: [
			call("read_file", { path: "package.json" }),
			call("edit_file", { path: "package.json", old_string: '"1.2.9"', new_string: '"1.3.0"' }),
			say("It is 1.3.0 now."),
		],
	},
	{
		name: "changelog-entry",
		prompt: 'Add the line "- Faster start" as the first entry below "## Unreleased" in CHANGELOG.md.',
		files: { "CHANGELOG.md": "# Changes\n\n## Unreleased\n\n- Smaller package\n\n## 1.0.0\n\n- First version\n" },
		check: ({ read }) => {
			const entries =
				(read("CHANGELOG.md") ?? "")
					.split("## 1.0.0")[0]
					?.split("\n")
					.filter((line) => line.startsWith("- ")) ?? [];
			return entries.join("|") === "- Faster start|- Smaller package" ? null : `has ${JSON.stringify(entries)}`;
		},
		solution: [
			call("read_file", { path: "CHANGELOG.md" }),
			call("edit_file", { path: "CHANGELOG.md", old_string: "- Smaller package", new_string: "- Faster start\n- Smaller package" }),
			say("Added."),
		],
	},
	{
		name: "table-to-json",
		prompt: "Write people.json with the rows of people.csv as a list of objects with the keys name and age; age is a number.",
		files: { "people.csv": "name,age\nAda,36\nAlan,41\nGrace,85\n" },
		check: (finished) =>
			expectOutput(
				finished,
				'import { readFileSync } from "node:fs"; console.log(JSON.stringify(JSON.parse(readFileSync("people.json", "utf8")).map(({ name, age }) => [name, age])))',
				'[["Ada",36],["Alan",41],["Grace",85]]',
			),
		solution: [
			call("read_file", { path: "people.csv" }),
			call("write_file", {
				path: "people.json",
				content: '[\n  {"name": "Ada", "age": 36},\n  {"name": "Alan", "age": 41},\n  {"name": "Grace", "age": 85}\n]\n',
			}),
			say("Written."),
		],
	},
	{
		name: "optional-parameter",
		prompt:
			'Give formatPrice in price.mjs a second parameter, the currency, which is "EUR" when it is left out. formatPrice(5, "USD") should give "5.00 USD".',
		files: { "price.mjs": 'export function formatPrice(amount) {\n\treturn amount.toFixed(2) + " EUR";\n}\n' },
		check: (finished) =>
			expectOutput(
				finished,
				'import { formatPrice } from "./price.mjs"; console.log(formatPrice(5, "USD"), formatPrice(1.5))',
				"5.00 USD 1.50 EUR",
			),
		solution: [
			call("read_file", { path: "price.mjs" }),
			call("multi_edit", {
				path: "price.mjs",
				edits: [
					{ old_string: "(amount)", new_string: '(amount, currency = "EUR")' },
					{ old_string: '+ " EUR"', new_string: '+ " " + currency' },
				],
			}),
			say("Done."),
		],
	},
];
