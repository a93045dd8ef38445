import { describe, expect, it } from "vitest";
import { type Machine, platformBuilds } from "./platform-build.ts";

const linux: Machine = { platform: "linux", arch: "x64", hasNvidiaDriver: false, hasRenderDevice: false };

function folders(machine: Partial<Machine>, wanted: Parameters<typeof platformBuilds>[1] = "auto"): string[] {
	return platformBuilds({ ...linux, ...machine }, wanted).map((build) => build.folder);
}

describe("platformBuilds", () => {
	it("takes the plain build where no GPU is", () => {
		expect(folders({})).toEqual(["linux-x64"]);
		expect(folders({ arch: "arm64" })).toEqual(["linux-arm64"]);
		expect(folders({ platform: "darwin" })).toEqual(["mac-x64"]);
	});

	it("prefers a GPU build where a driver is, and keeps the plain one to fall back on", () => {
		expect(folders({ hasNvidiaDriver: true, hasRenderDevice: true })).toEqual(["linux-x64-cuda", "linux-x64-vulkan", "linux-x64"]);
		expect(folders({ platform: "darwin", arch: "arm64" })).toEqual(["mac-arm64-metal"]);
		expect(folders({ arch: "arm64", hasNvidiaDriver: true })).toEqual(["linux-arm64"]);
	});

	it("gives only what was asked for by name", () => {
		expect(folders({ hasNvidiaDriver: true }, "cpu")).toEqual(["linux-x64"]);
		expect(folders({}, "cuda")).toEqual(["linux-x64-cuda"]);
		expect(folders({}, "metal")).toEqual([]);
	});
});
