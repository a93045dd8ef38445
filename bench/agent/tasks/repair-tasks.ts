import { type AgentTask, call, expectOutput, say } from "../agent-task.ts";

const sumFile = `export function sumTo(n) {
	let sum = 0;
	for (let i = 1; i < n; i++) {
		sum += i;
	}
	return sum;
}
`;

const slugFile = `export function slug(title) {
	return title.toLowerCase().replace(" ", "-");
}
`;

const slugTest = `import assert from "node:assert/strict";
import { slug } from "./slug.mjs";
assert.equal(slug("One Two Three"), "one-two-three");
console.log("ok");
`;

/** Something is wrong and has to be put right. */
export const repairTasks: readonly AgentTask[] = [
	{
		name: "off-by-one",
		prompt: "sumTo(4) in sum.mjs should be 10 but is 6. Fix it.",
		files: { "sum.mjs": sumFile },
		check: (finished) => expectOutput(finished, 'import { sumTo } from "./sum.mjs"; console.log(sumTo(4), sumTo(1), sumTo(0))', "10 1 0"),
		solution: [
			call("read_file", { path: "sum.mjs" }),
			call("edit_file", { path: "sum.mjs", old_string: "i < n", new_string: "i <= n" }),
			say("The loop now includes n."),
		],
	},
	{
		name: "missing-value",
		prompt: 'greet(undefined) in greet.mjs throws. It should give "Hello, stranger!" then. Names must work as before.',
		files: { "greet.mjs": 'export function greet(name) {\n\treturn "Hello, " + name.trim() + "!";\n}\n' },
		check: (finished) =>
			expectOutput(
				finished,
				'import { greet } from "./greet.mjs"; console.log(greet(undefined), greet(" Ada "))',
				"Hello, stranger! Hello, Ada!",
			),
		solution: [
			call("read_file", { path: "greet.mjs" }),
			call("edit_file", { path: "greet.mjs", old_string: "name.trim()", new_string: '(name ?? "stranger").trim()' }),
			say("Done."),
		],
	},
	{
		name: "failing-test",
		prompt: "`node slug.test.mjs` fails. Fix the code, not the test.",
		files: { "slug.mjs": slugFile, "slug.test.mjs": slugTest },
		check: async (finished) =>
			finished.read("slug.test.mjs") !== slugTest
				? "the test was changed"
				: expectOutput(finished, 'import { slug } from "./slug.mjs"; console.log(slug("A B C D"))', "a-b-c-d"),
		solution: [
			call("run_command", { command: "node slug.test.mjs" }),
			call("read_file", { path: "slug.mjs" }),
			call("edit_file", { path: "slug.mjs", old_string: 'replace(" ", "-")', new_string: 'replaceAll(" ", "-")' }),
			call("run_command", { command: "node slug.test.mjs" }),
			say("slug replaces every space now; the test passes."),
		],
	},
	{
		name: "negative-price",
		prompt: 'addItem in cart.mjs must throw a RangeError with the message "price must not be negative" when the price is below 0.',
		files: { "cart.mjs": "export function addItem(cart, name, price) {\n\treturn [...cart, { name, price }];\n}\n" },
		check: (finished) =>
			expectOutput(
				finished,
				'import { addItem } from "./cart.mjs"; let said = ""; try { addItem([], "a", -1) } catch (error) { said = error.name + ": " + error.message } console.log(said, addItem([], "b", 0).length)',
				"RangeError: price must not be negative 1",
			),
		solution: [
			call("read_file", { path: "cart.mjs" }),
			call("edit_file", {
				path: "cart.mjs",
				old_string: "\treturn [",
				new_string: '\tif (price < 0) {\n\t\tthrow new RangeError("price must not be negative");\n\t}\n\treturn [',
			}),
			say("Done."),
		],
	},
	{
		name: "spelling",
		prompt: 'In all Markdown files, "recieve" should be "receive". Change nothing else.',
		files: {
			"README.md": "# Post\n\nYou recieve letters here.\n",
			"docs/guide.md": "To recieve a parcel, and to recieve it soon, ask.\n",
			"notes.txt": "recieve stays in this file\n",
		},
		check: ({ read }) => {
			const wanted = {
				"README.md": "# Post\n\nYou receive letters here.\n",
				"docs/guide.md": "To receive a parcel, and to receive it soon, ask.\n",
				"notes.txt": "recieve stays in this file\n",
			};
			return Object.entries(wanted).find(([file, text]) => read(file) !== text)?.[0] ?? null;
		},
		solution: [
			call("grep", { pattern: "recieve", glob: "*.md" }),
			[
				{ call: "edit_file", arguments: { path: "README.md", old_string: "recieve", new_string: "receive" } },
				{ call: "edit_file", arguments: { path: "docs/guide.md", old_string: "recieve", new_string: "receive", replace_all: true } },
			],
			say("Corrected in two files."),
		],
	},
];
