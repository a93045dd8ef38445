import { expect, test } from "vitest";
import { bubblewrapArguments } from "./bubblewrap-arguments.ts";

const command = { file: "/bin/sh", args: ["-c", "echo hi"] };
const nothing = { hidden: [], held: [] };
const policy = { workspace: "/home/u/project", tmp: "/tmp/opta-1", network: false };

/** Position of an option followed by these words. */
const at = (args: readonly string[], ...words: string[]) =>
	args.findIndex((_, index) => words.every((word, offset) => args[index + offset] === word));

test("the command comes after everything else, as it was", () => {
	expect(bubblewrapArguments(command, policy, nothing).slice(-4)).toEqual(["--", "/bin/sh", "-c", "echo hi"]);
});

test("there is no network unless the policy says so", () => {
	expect(bubblewrapArguments(command, policy, nothing)).toContain("--unshare-net");
	expect(bubblewrapArguments(command, { ...policy, network: true }, nothing)).not.toContain("--unshare-net");
});

test("keys inside the workspace stay hidden, and a workspace below a hidden folder can be used", () => {
	const hidden = [
		{ path: "/home/u/project/keys", folder: true },
		{ path: "/home", folder: true },
	];
	const args = bubblewrapArguments(command, policy, { hidden, held: [] });
	const workspace = at(args, "--bind", "/home/u/project");
	expect(at(args, "--tmpfs", "/home")).toBeLessThan(workspace);
	expect(at(args, "--tmpfs", "/home/u/project/keys")).toBeGreaterThan(workspace);
});

test("a hidden file reads as empty, a held one cannot be written", () => {
	const args = bubblewrapArguments(command, policy, {
		hidden: [{ path: "/home/u/.netrc", folder: false }],
		held: [{ path: "/home/u/project/.git/config", folder: false }],
	});
	expect(at(args, "--ro-bind", "/dev/null", "/home/u/.netrc")).toBeGreaterThan(0);
	expect(at(args, "--ro-bind", "/home/u/project/.git/config")).toBeGreaterThan(at(args, "--bind", "/home/u/project"));
});

test("the whole disk as workspace does not bring back what is hidden", () => {
	const args = bubblewrapArguments(command, { ...policy, workspace: "/" }, { hidden: [{ path: "/home/u/.ssh", folder: true }], held: [] });
	expect(at(args, "--tmpfs", "/home/u/.ssh")).toBeGreaterThan(at(args, "--bind", "/", "/"));
	expect(at(args, "--ro-bind", "/", "/")).toBe(-1);
});
