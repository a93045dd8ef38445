import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { activeRequests, type LmxProcess, startLmxProcess } from "../testing/lmx-process.ts";

const run = promisify(execFile);
const openaiVersion = "3.54.0";
const installTimeoutMs = 100_000;

/** A Python with the OpenAI client, made once and kept in the temporary folder; or why there is none. */
async function findPython(): Promise<{ readonly python: string } | { readonly missing: string }> {
	const folder = path.join(tmpdir(), `opta-test-openai-python-${openaiVersion}`);
	const python = path.join(folder, "bin", "python");
	const ready = path.join(folder, "ready");
	if (existsSync(ready)) {
		return { python };
	}
	try {
		await run("python3", ["-m", "venv", "--clear", folder], { timeout: installTimeoutMs });
		await run(python, ["-m", "pip", "install", "--quiet", `openai==${openaiVersion}`], { timeout: installTimeoutMs });
		await run(python, ["-c", `open(${JSON.stringify(ready)}, "w").close()`]);
		return { python };
	} catch (error) {
		return { missing: `the OpenAI client for Python cannot be installed: ${String(error).split("\n", 1)[0]}` };
	}
}

const found = await findPython();
const reason = "missing" in found ? ` (skipped: ${found.missing})` : "";
const python = "python" in found ? found.python : "";

describe.skipIf(python === "")(`the official OpenAI client for Python${reason}`, () => {
	let lmx: LmxProcess;
	beforeAll(async () => {
		lmx = await startLmxProcess("--model", "stories260k");
	});
	afterAll(() => lmx.stop());

	it.each(["chat", "stream", "tool", "stream_tool", "schema", "completions", "embeddings", "responses", "errors", "abort"])(
		"passes its checks: %s",
		async (check) => {
			const script = path.join(import.meta.dirname, "openai_python_checks.py");
			await run(python, [script, `${lmx.url}/v1`, check]);
			await expect.poll(() => activeRequests(lmx.url)).toBe(0);
		},
	);
});
