import { describe, expect, it } from "vitest";
import { processStartedAt, startTimeCommand } from "./process-started-at.ts";

describe("processStartedAt", () => {
	it("tells this process from others, and says nothing of one that does not run", async () => {
		const own = await processStartedAt(process.pid);
		expect(own).not.toBeNull();
		expect(await processStartedAt(process.pid)).toBe(own);
		expect(await processStartedAt(process.ppid)).not.toBe(own);
		expect(await processStartedAt(2 ** 22 + 1)).toBeNull();
	});

	it("asks ps on macOS and PowerShell on Windows", () => {
		expect(startTimeCommand(42, "darwin")).toEqual(["ps", ["-p", "42", "-o", "lstart="]]);
		const [file, args] = startTimeCommand(42, "win32");
		expect(file).toBe("powershell.exe");
		expect(args.at(-1)).toContain("Get-Process -Id 42");
	});
});
