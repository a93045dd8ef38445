import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";

const blockOnStderr = new URL("./block-on-stderr.ts", import.meta.url);

/** Fills its stderr as a native library would, says so, and writes one more line. */
const fillAndWriteOn = `
	import koffi from "koffi";
	import { blockOnStderr } from "${blockOnStderr}";
	const write = koffi.load(null).func("long write(int, const char*, long)");
	while (write(2, "filling\\n", 8) > 0);
	blockOnStderr();
	process.send("full", () => {
		write(2, "last line\\n", 10);
		process.disconnect();
	});
`;

it.skipIf(process.platform === "win32")("a native line waits for a parent that is not reading", async () => {
	const child = spawn(process.execPath, ["--input-type=module", "-e", fillAndWriteOn], {
		cwd: import.meta.dirname,
		stdio: ["ignore", "ignore", "pipe", "ipc"],
	});
	await once(child, "message");
	const { stderr } = child;
	expect(stderr === null ? "" : await text(stderr)).toMatch(/filling\n(fill[a-z]*\n?)?last line\n$/);
});
