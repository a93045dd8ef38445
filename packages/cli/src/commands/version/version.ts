import { api, build } from "@opta/contracts/build";
import type { CommandRun } from "../../program/command-spec.ts";

/** Prints versions. */
export const runVersion: CommandRun = async ({ context: { output }, flags }) => {
	const node = process.version;
	if (flags.isSet("json")) {
		output.json({ build, api, node, platform: process.platform, arch: process.arch });
	} else {
		output.line(`opta ${build}`);
		output.line(`interfaces: LMX v${api.lmx}, daemon v${api.daemon}, gateway v${api.gateway}`);
		output.line(`Node ${node} on ${process.platform} ${process.arch}`);
	}
	return "ok";
};
