import type { ScriptStep } from "@opta/daemon/testing/scripted-reply";

/** What a check sees of a finished task. */
export interface FinishedTask {
	/** The last message of the agent. */
	readonly answer: string;
	/** A file's text; null where it is not there. */
	readonly read: (path: string) => string | null;
	/** Paths of all files, with slashes, sorted; without `.git`. */
	readonly files: () => readonly string[];
	/** Runs JavaScript as a module in the folder, in a process of its own with a time limit; what it printed, or null where it failed. */
	readonly runModule: (code: string) => Promise<string | null>;
}

/** A small task in a repository of its own. */
export interface AgentTask {
	readonly name: string;
	/** What the agent is told. */
	readonly prompt: string;
	readonly files: Readonly<Record<string, string>>;
	/** Hidden from the agent: why the task is not done; null where it is. */
	readonly check: (finished: FinishedTask) => Promise<string | null> | string | null;
	/** Replies of a model that does it right, one for each step. */
	readonly solution: readonly (readonly ScriptStep[])[];
}

/** One reply that calls a tool. */
export function call(name: string, values: Readonly<Record<string, unknown>>): readonly ScriptStep[] {
	return [{ call: name, arguments: values }];
}

/** The last reply. */
export function say(text: string): readonly ScriptStep[] {
	return [{ text }];
}

/** A check that wants this output of a module. */
export async function expectOutput({ runModule }: FinishedTask, code: string, wanted: string): Promise<string | null> {
	const output = await runModule(code);
	return output === wanted ? null : `printed ${JSON.stringify(output)} instead of ${JSON.stringify(wanted)}`;
}

/** A check that wants a word in the answer. */
export function expectAnswer({ answer }: FinishedTask, wanted: RegExp): string | null {
	return wanted.test(answer) ? null : `answered ${JSON.stringify(answer.slice(0, 200))}`;
}
