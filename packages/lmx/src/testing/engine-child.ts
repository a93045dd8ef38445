import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TokenLogprob } from "@opta/contracts/schema/lmx-chat";
import type {
	EngineFacts,
	EngineOperation,
	EngineOperationResults,
	EngineRequest,
	EngineSettings,
	FromEngine,
	ToEngine,
} from "../engine/engine-messages.ts";
import type { GenerationResult } from "../engine/scheduler/generation.ts";
import { plainSampling } from "./plain-sampling.ts";

/** An answer of the child, or the refusal in its place. */
export interface ChildAnswer {
	readonly text: string;
	readonly logprobs: readonly TokenLogprob[];
	readonly promptTokens: number;
	readonly startsInThinking: boolean;
	readonly result: GenerationResult;
}

type Refused = Extract<FromEngine, { type: "refused" }>;

/** A model's child process, spoken to without a server; refusals are thrown. */
export interface EngineChild {
	readonly facts: EngineFacts;
	generate(request: Partial<EngineRequest>): Promise<ChildAnswer>;
	operate<Kind extends EngineOperation["kind"]>(operation: Extract<EngineOperation, { kind: Kind }>): Promise<EngineOperationResults[Kind]>;
	stop(): Promise<void>;
}

/** Takes the messages of one request. */
type Take = (message: FromEngine) => void;

const models = path.join(import.meta.dirname, "../../models");

/** Starts the child process of a model file in the models folder, with one thread. */
export async function startEngineChild(file: string, settings: Partial<EngineSettings> = {}): Promise<EngineChild> {
	const folder = mkdtempSync(path.join(tmpdir(), "opta-engine-"));
	const child = fork(path.join(import.meta.dirname, "../engine/child-main.ts"), { stdio: ["ignore", "ignore", "ignore", "ipc"] });
	child.setMaxListeners(0);
	const send = (message: ToEngine): void => {
		child.send(message);
	};
	const open = new Map<string, Take>();
	let nextId = 0;
	const facts = await new Promise<EngineFacts>((resolve, reject) => {
		child.once("exit", () => reject(new Error("The model's process ended.")));
		child.on("message", (message: FromEngine) => {
			if (message.type === "ready") {
				resolve(message.facts);
			} else if (message.type === "loadFailed") {
				reject(new Error(message.message));
			} else if (message.type === "output") {
				for (const [id] of [...message.texts, ...message.ends]) {
					open.get(id)?.(message);
				}
			} else if ("id" in message) {
				open.get(message.id)?.(message);
			}
		});
		send({
			type: "load",
			settings: {
				file: path.resolve(models, file),
				preparedFile: null,
				modelKey: file,
				contextTokens: null,
				sequences: 4,
				queueLimit: 16,
				stepBudgetMs: 150,
				threads: 1,
				backend: "cpu",
				gpuLayers: null,
				defaultSystemPrompt: null,
				threadsFile: path.join(folder, "threads.json"),
				savedPrefixes: null,
				speculation: null,
				...settings,
			},
		});
	});
	const ask = <T>(message: (id: string) => ToEngine, take: (id: string, message: FromEngine) => T | undefined): Promise<T> =>
		new Promise((resolve, reject) => {
			const id = `r${nextId++}`;
			const settle = (then: () => void): void => {
				open.delete(id);
				child.off("exit", onExit);
				then();
			};
			const onExit = (): void => settle(() => reject(new Error("The model's process ended.")));
			child.once("exit", onExit);
			open.set(id, (answer) => {
				if (answer.type === "refused") {
					settle(() => reject(answer satisfies Refused));
					return;
				}
				const value = take(id, answer);
				if (value !== undefined) {
					settle(() => resolve(value));
				}
			});
			send(message(id));
		});
	return {
		facts,
		generate(request) {
			let text = "";
			const logprobs: TokenLogprob[] = [];
			let accepted = { promptTokens: 0, startsInThinking: false };
			const whole: Omit<EngineRequest, "id"> = {
				prompt: { kind: "text", text: "Once upon a time", suffix: null },
				maxTokens: 40,
				sampling: { ...plainSampling, temperature: 0 },
				stops: [],
				grammar: null,
				logprobs: null,
				reasoningBudgetTokens: null,
				reportsProgress: false,
				priority: "normal",
				client: "test",
				...request,
			};
			return ask<ChildAnswer>(
				(id) => ({ type: "generate", request: { ...whole, id } }),
				(id, message) => {
					if (message.type === "accepted") {
						accepted = message;
					}
					if (message.type !== "output") {
						return undefined;
					}
					for (const [owner, piece, tokens] of message.texts) {
						if (owner === id) {
							text += piece;
							logprobs.push(...(tokens ?? []));
						}
					}
					const result = message.ends.find(([owner]) => owner === id)?.[1];
					return result === undefined ? undefined : { text, logprobs, ...accepted, result };
				},
			);
		},
		operate: <Kind extends EngineOperation["kind"]>(operation: Extract<EngineOperation, { kind: Kind }>) =>
			ask(
				(id) => ({ type: "operate", id, operation }),
				(_id, message) => (message.type === "operated" ? (message.result as EngineOperationResults[Kind]) : undefined),
			),
		async stop() {
			const gone = new Promise((resolve) => child.once("exit", resolve));
			child.kill("SIGKILL");
			await gone;
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
