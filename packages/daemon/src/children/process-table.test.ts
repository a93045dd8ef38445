import { expect, test } from "vitest";
import { taskkillArguments } from "./end-tree.ts";
import { readLinuxStat, readPsLines, readWindowsProcesses } from "./process-table.ts";

test("a name with spaces and parentheses does not confuse the reading of /proc/<pid>/stat", () => {
	const stat = "42 (a b) c) S 7 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 98765 1000 2";
	expect(readLinuxStat(stat)).toEqual({ pid: 42, parentPid: 7, groupId: 42, startTicks: "98765" });
});

test("a process that only waits to be collected does not run", () => {
	expect(readLinuxStat("42 (sh) Z 7 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 98765 1000 2")).toBeNull();
});

test("lines of ps give pid, parent, group, start and text", () => {
	const output =
		"  501   1   501 Ss   Mon Nov  3 05:31:00 2026     /bin/sh -c sleep 5 OPTA_CHILD=x.1.\n  502 501 501 Z Mon Nov 23 05:31:00 2026 (sh)\n";
	expect(readPsLines(output)).toEqual([
		{ pid: 501, parentPid: 1, groupId: 501, startedAt: "Mon Nov 3 05:31:00 2026", text: "/bin/sh -c sleep 5 OPTA_CHILD=x.1." },
	]);
});

test("PowerShell answers with a list, one object, or nothing", () => {
	const one = '{"ProcessId":4,"ParentProcessId":1,"CommandLine":"node x","Started":133}';
	expect(readWindowsProcesses(one)).toEqual([{ pid: 4, parentPid: 1, groupId: 4, startedAt: "133", text: "node x" }]);
	expect(readWindowsProcesses(`[${one},${one}]`)).toHaveLength(2);
	expect(readWindowsProcesses("")).toEqual([]);
});

test("Windows ends a tree by force", () => {
	expect(taskkillArguments(7)).toEqual(["/PID", "7", "/T", "/F"]);
});
