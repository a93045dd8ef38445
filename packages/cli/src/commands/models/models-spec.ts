import { quantisations } from "@opta/contracts/quantisations";
import { type ArgumentSpec, type CommandSpec, type ExitName, jsonOption, type OptionSpec } from "../../program/command-spec.ts";

const exits: readonly ExitName[] = ["failed", "configuration", "unreachable", "interrupted"];
const modelArgument: ArgumentSpec = { name: "<model>", summary: "the model's id" };
const detachOption: OptionSpec = { flags: "--detach", summary: "begin it and do not wait" };

/** `opta models`. */
export const modelsSpec: CommandSpec = {
	name: "models",
	summary: "list, download, load and measure the host's models",
	description: "Models are on the host that runs LMX (opta connect), never on a computer that is client-only.",
	children: [
		{
			name: "list",
			isDefault: true,
			summary: "list the models of the host",
			options: [jsonOption],
			examples: ["opta models", "opta models list --json | jq -r '.models[].id'"],
			exits,
			load: async () => (await import("./list-models.ts")).runListModels,
		},
		{
			name: "pull",
			summary: "download a model to the host",
			arguments: [{ name: "<model>", summary: "hf:user/repo:Q4_K_M, a name of the catalogue, or the address of a GGUF file" }],
			options: [
				{ flags: "--id <id>", summary: "the name that it gets" },
				{ flags: "--revision <name>", summary: "branch, tag or commit of a repository", defaultText: "main" },
				{ flags: "--sha256 <digest>", summary: "what the file at an address must have" },
				detachOption,
				jsonOption,
			],
			examples: ["opta models pull qwen3-8b", "opta models pull hf:Qwen/Qwen3-8B-GGUF:Q4_K_M --id qwen3-8b"],
			exits,
			load: async () => (await import("./start-model-job.ts")).runPull,
		},
		{
			name: "load",
			summary: "load a model into the host's memory",
			arguments: [modelArgument],
			options: [
				{ flags: "--context <tokens>", summary: "how much it keeps in mind", value: "integer", defaultText: "as the host is configured" },
				{ flags: "--sequences <count>", summary: "answers at the same time", value: "integer", defaultText: "as the host is configured" },
				jsonOption,
			],
			exits,
			load: async () => (await import("./change-model.ts")).runLoad,
		},
		{
			name: "unload",
			summary: "take a model out of the host's memory",
			arguments: [modelArgument],
			options: [{ flags: "--now", summary: "end its open requests instead of waiting for them" }, jsonOption],
			exits,
			load: async () => (await import("./change-model.ts")).runUnload,
		},
		{
			name: "rm",
			summary: "delete a model from the host's disk",
			arguments: [modelArgument],
			options: [{ flags: "--force", summary: "end its open requests" }, { flags: "-y, --yes", summary: "do not ask" }, jsonOption],
			exits: [...exits, "denied"],
			load: async () => (await import("./change-model.ts")).runDelete,
		},
		{
			name: "quantize",
			summary: "make a smaller model out of one of the host's",
			arguments: [modelArgument, { name: "<type>", summary: "such as Q4_K_M", choices: quantisations }],
			options: [
				{ flags: "--id <id>", summary: "the name that it gets" },
				{ flags: "--allow-requantize", summary: "also where the model is quantised already" },
				{ flags: "--threads <count>", summary: "processor threads", value: "integer", defaultText: "all but one" },
				detachOption,
				jsonOption,
			],
			examples: ["opta models quantize my-model-f16 Q4_K_M"],
			exits,
			load: async () => (await import("./start-model-job.ts")).runQuantize,
		},
		{
			name: "bench",
			summary: "measure a model's speed on the host",
			arguments: [{ name: "[model]", summary: "the model's id; auto where missing" }],
			options: [
				{ flags: "--prompt-tokens <count>", summary: "length of the prompt", value: "integer" },
				{ flags: "--generated-tokens <count>", summary: "length of the answer", value: "integer" },
				{ flags: "--batch-size <count>", summary: "answers at the same time; may be repeated", value: "list" },
				detachOption,
				jsonOption,
			],
			exits,
			load: async () => (await import("./start-model-job.ts")).runBench,
		},
		{
			name: "jobs",
			summary: "list the host's downloads, quantisations and benches",
			options: [jsonOption],
			exits,
			load: async () => (await import("./model-jobs.ts")).runListJobs,
		},
		{
			name: "cancel",
			summary: "end a download, quantisation or bench of the host",
			arguments: [{ name: "<job>", summary: "the job's id, from opta models jobs" }],
			options: [jsonOption],
			exits,
			load: async () => (await import("./model-jobs.ts")).runCancelJob,
		},
	],
};
