import { build } from "@opta/contracts/build";

/** `opta`: the program. Its parts load only when a command needs them, so that scripts do not wait for screens. */

const [first, ...rest] = process.argv.slice(2);
if (rest.length === 0 && (first === "--version" || first === "-V")) {
	process.stdout.write(`${build}\n`);
} else {
	const { runProcess } = await import("./program/run-process.ts");
	await runProcess();
}
