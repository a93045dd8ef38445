import { spawn } from "node:child_process";
import { once } from "node:events";
import { exitCodes } from "@opta/contracts/daemon-protocol";
import type { CliContext } from "../../program/cli-context.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { ExitName } from "../../program/command-spec.ts";

/** What ssh ends with where it could not do its own part, and a shell where it finds no such program (POSIX, 2.8.2). */
const sshFailed = 255;
const notFound = 127;

/** A word for the shell on the other side. */
function quote(word: string): string {
	return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Arguments of ssh for a command on a host. @throws {CommandFailure} `usage`, for what is no name of a host. */
export function sshArguments(target: string, words: readonly string[]): string[] {
	if (!/^[\w.@:%[\]-]+$/.test(target) || target.startsWith("-")) {
		throw new CommandFailure("usage", `"${target}" is no host for ssh. Write user@host.`);
	}
	return ["-T", target, "--", words.map(quote).join(" ")];
}

/** Runs opta on another host; its output and its exit code are those of this call. */
export async function runOverSsh({ output, signal }: CliContext, target: string, words: readonly string[]): Promise<ExitName> {
	const child = spawn("ssh", sshArguments(target, words), { stdio: ["inherit", "pipe", "inherit"], signal });
	child.stdout.setEncoding("utf8").on("data", output.write);
	const [code] = await once(child, "close").catch((error: unknown) => {
		throw new CommandFailure(signal.aborted ? "interrupted" : "failed", "ssh could not be started. Is it installed?", { cause: error });
	});
	if (code === sshFailed) {
		throw new CommandFailure("unreachable", `${target} cannot be reached over ssh; the lines above say why.`);
	}
	if (code === notFound) {
		throw new CommandFailure("failed", `There is no ${words[0]} on ${target}. Install it there, or name it with --remote.`);
	}
	return (Object.keys(exitCodes) as ExitName[]).find((name) => exitCodes[name] === code) ?? "failed";
}
