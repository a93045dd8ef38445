import { spawn } from "node:child_process";
import { localBin } from "../checks/static-checks.ts";
import { childEnvironment, repositoryRoot } from "../environment/env.ts";

/** Builds what changed, by Turborepo's cache. The output is kept and given back when a build fails. */
export async function buildSites(signal: AbortSignal): Promise<{ readonly ok: true } | { readonly ok: false; readonly output: string }> {
	const child = spawn(localBin("turbo"), ["run", "build", "--concurrency=2", "--output-logs=errors-only"], {
		cwd: repositoryRoot,
		env: childEnvironment(),
		stdio: ["ignore", "pipe", "pipe"],
		signal,
		killSignal: "SIGTERM",
	});
	const chunks: Buffer[] = [];
	for (const stream of [child.stdout, child.stderr]) {
		stream.on("data", (chunk: Buffer) => chunks.push(chunk));
	}
	const exitCode = await new Promise<number>((resolve) => {
		child.on("error", (error) => {
			chunks.push(Buffer.from(`${error.message}\n`));
			resolve(1);
		});
		child.on("close", (code) => resolve(code ?? 1));
	});
	return exitCode === 0 ? { ok: true } : { ok: false, output: Buffer.concat(chunks).toString() };
}
