import { spawn } from "node:child_process";

/**
 * Runs a command and takes it along when LMX ends, however that ends: the command knows nothing of its parent, but the
 * channel to LMX closes with LMX.
 */

const [command = "", ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ["ignore", "ignore", "inherit"] });

child.on("error", (error) => {
	process.stderr.write(`${error.message}\n`);
	process.exit(127);
});
child.on("exit", (code) => process.exit(code ?? 1));
const end = (): void => {
	child.kill("SIGKILL");
};
for (const event of ["disconnect", "SIGTERM", "SIGINT"] as const) {
	process.on(event, end);
}
if (!process.connected) {
	end();
}
process.send?.({ pid: child.pid ?? null });
