/** Kinds of builds that node-llama-cpp ships; `auto` takes the first that fits the machine. */
export const backends = ["auto", "cpu", "cuda", "vulkan", "metal"] as const;

/** A kind of build, or `auto`. */
export type Backend = (typeof backends)[number];

/** What is known of the machine before any library is loaded. */
export interface Machine {
	/** As in `process.platform`. */
	readonly platform: string;
	/** As in `process.arch`. */
	readonly arch: string;
	/** An NVIDIA driver is loaded. */
	readonly hasNvidiaDriver: boolean;
	/** Another graphics device that Vulkan may drive is there. */
	readonly hasRenderDevice: boolean;
}

/** A package with prebuilt libraries and the folder in it. */
export interface PlatformBuild {
	readonly backend: Exclude<Backend, "auto">;
	readonly packageName: string;
	/** Inside the package's `bins` folder. */
	readonly folder: string;
}

const osNames: Readonly<Record<string, string>> = { linux: "linux", darwin: "mac", win32: "win" };

function build(backend: PlatformBuild["backend"], folder: string): PlatformBuild {
	return { backend, packageName: `@node-llama-cpp/${folder}`, folder };
}

/**
 * The builds to try on a machine, best first. A GPU build carries the CPU back end too, so one that finds no
 * device still works; only one of them may ever be loaded into a process.
 */
export function platformBuilds(machine: Machine, wanted: Backend): readonly PlatformBuild[] {
	const os = osNames[machine.platform] ?? machine.platform;
	const base = `${os}-${machine.arch === "arm" ? "armv7l" : machine.arch}`;
	const builds: PlatformBuild[] = [];
	if (base === "mac-arm64") {
		return wanted === "auto" || wanted === "metal" || wanted === "cpu"
			? [{ ...build("metal", "mac-arm64-metal"), backend: wanted === "cpu" ? "cpu" : "metal" }]
			: [];
	}
	const hasGpuBuilds = base === "linux-x64" || base === "win-x64";
	if (hasGpuBuilds && (wanted === "cuda" || (wanted === "auto" && machine.hasNvidiaDriver))) {
		builds.push(build("cuda", `${base}-cuda`));
	}
	if (hasGpuBuilds && (wanted === "vulkan" || (wanted === "auto" && machine.hasRenderDevice))) {
		builds.push(build("vulkan", `${base}-vulkan`));
	}
	if (wanted === "auto" || wanted === "cpu") {
		builds.push(build("cpu", base));
	}
	return builds;
}
