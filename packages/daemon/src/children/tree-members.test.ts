import fc from "fast-check";
import { expect, test } from "vitest";
import type { ProcessRow } from "./process-table.ts";
import { treeMembers } from "./tree-members.ts";

const row = (pid: number, parentPid: number, groupId = 1, text = ""): ProcessRow => ({ pid, parentPid, groupId, startedAt: "a", text });
const root = { pid: 10, startedAt: "a", mark: "run.1." };
const pids = (rows: readonly ProcessRow[], groups: number[] = []) =>
	treeMembers(rows, root, new Set(groups), 2)
		.map(({ pid }) => pid)
		.sort((a, b) => a - b);

test("descendants are found through every generation, and nothing else", () => {
	expect(pids([row(2, 1), row(10, 2), row(11, 10), row(12, 11), row(20, 2)])).toEqual([10, 11, 12]);
});

test("a process that lost its parent is found by its group, or by the mark when it left that too", () => {
	expect(pids([row(10, 2), row(11, 10, 11), row(30, 1, 11), row(40, 1, 40, "OPTA_CHILD=run.1.")])).toEqual([10, 11, 30, 40]);
});

test("a reused pid is another process", () => {
	expect(pids([{ ...row(10, 2), startedAt: "b" }, row(11, 10)])).toEqual([]);
});

test("a mark of another process does not match", () => {
	expect(pids([row(50, 1, 50, "OPTA_CHILD=run.11.")])).toEqual([]);
});

test("the daemon itself is never a member, whatever the table says", () => {
	fc.assert(
		fc.property(
			fc.array(
				fc.record({
					pid: fc.integer({ min: 1, max: 12 }),
					parentPid: fc.integer({ min: 0, max: 12 }),
					groupId: fc.integer({ min: 1, max: 12 }),
					text: fc.constantFrom("", "run.1."),
				}),
			),
			(rows) => {
				const members = pids(
					rows.map((one) => ({ ...one, startedAt: "a" })),
					[10],
				);
				expect(members).not.toContain(2);
				expect(new Set(members).size).toBe(members.length);
			},
		),
	);
});
