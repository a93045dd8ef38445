import { expect, it } from "vitest";
import { createLoopGuard } from "./loop-guard.ts";

const read = { path: "a" };

it("is stuck at the third same call in a row with the same result", () => {
	const guard = createLoopGuard();
	for (const _ of [1, 2]) {
		expect(guard.isStuck("read_file", read)).toBe(false);
		guard.note("read_file", read, "same");
	}
	expect(guard.isStuck("read_file", read)).toBe(true);
	expect(guard.isStuck("read_file", { path: "b" })).toBe(false);
	expect(guard.refusals()).toBe(1);
});

it("lets a job be looked at for as long as its output changes", () => {
	const guard = createLoopGuard();
	for (const output of ["1", "2", "3", "4"]) {
		expect(guard.isStuck("command_output", { job: "1" })).toBe(false);
		guard.note("command_output", { job: "1" }, output);
	}
});

it("forgets when something else was done between", () => {
	const guard = createLoopGuard();
	for (const name of ["run_tests", "run_tests", "edit_file", "run_tests"]) {
		expect(guard.isStuck(name, {})).toBe(false);
		guard.note(name, {}, "failed");
	}
	expect(guard.isStuck("run_tests", {})).toBe(false);
});
