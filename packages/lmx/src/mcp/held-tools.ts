import type { ChatRequest, ChatTool } from "@opta/contracts/schema/lmx-chat";
import type { Answer, AnswerError } from "../serving/backend.ts";
import type { McpConnection } from "./mcp-connection.ts";
import type { HeldServer, McpServers } from "./mcp-servers.ts";

/** A tool of an MCP server under the name that the model knows it by. */
export interface HeldTool {
	readonly label: string;
	readonly tool: string;
	readonly connection: McpConnection;
}

/** The tools of a request, with those of MCP servers as functions. */
export interface HeldTools {
	readonly functions: readonly ChatTool[];
	/** By the function's name. */
	readonly mcp: ReadonlyMap<string, HeldTool>;
	release(): void;
}

type RequestTool = NonNullable<ChatRequest["tools"]>[number];
type McpRequest = Extract<RequestTool, { type: "mcp" }>;

const maxNameLength = 64;
/** A model that is told of more is of no use. */
const maxTools = 128;

function refuse(index: number, message: string, code: AnswerError["code"] = "invalid_request"): { ok: false; error: AnswerError } {
	return { ok: false, error: { code, message, param: `tools.${index}` } };
}

/** A name that functions may have and that is free: the tool's own, else with the label before it. */
function functionName(label: string, tool: string, taken: ReadonlySet<string>): string {
	const plain = tool.replaceAll(/[^a-zA-Z0-9_-]/g, "_").slice(0, maxNameLength);
	if (plain !== "" && !taken.has(plain)) {
		return plain;
	}
	for (let number = 1; ; number++) {
		const end = number === 1 ? "" : `_${number}`;
		const name = `${`${label}__${plain}`.slice(0, maxNameLength - end.length)}${end}`;
		if (!taken.has(name)) {
			return name;
		}
	}
}

async function addServer(
	index: number,
	{ server_label: label, allowed_tools: allowed }: McpRequest,
	{ connection }: HeldServer,
	functions: ChatTool[],
	mcp: Map<string, HeldTool>,
	signal: AbortSignal,
): Promise<{ ok: false; error: AnswerError } | null> {
	const offered = await connection.listTools(signal);
	const missing = allowed?.find((name) => !offered.some((tool) => tool.name === name));
	if (missing !== undefined) {
		return refuse(index, `The MCP server "${label}" has no tool "${missing}". It has: ${offered.map(({ name }) => name).join(", ")}.`);
	}
	for (const { name: tool, description, inputSchema } of offered.filter(({ name }) => allowed?.includes(name) ?? true)) {
		const taken = new Set(functions.map((each) => each.function.name));
		const name = functionName(label, tool, taken);
		functions.push({
			type: "function",
			function: { name, ...(description === undefined ? {} : { description }), parameters: inputSchema },
		});
		mcp.set(name, { label, tool, connection });
	}
	return functions.length > maxTools
		? refuse(index, `These are more than ${maxTools} tools. Name the ones that are needed in "allowed_tools".`)
		: null;
}

/** Connects to the servers that a request names and asks them for their tools; refuses what the configuration does not have. */
export async function holdTools(tools: readonly RequestTool[], servers: McpServers, signal: AbortSignal): Promise<Answer<HeldTools>> {
	const labels = servers.labels();
	const functions = tools.filter((tool) => tool.type === "function");
	const mcp = new Map<string, HeldTool>();
	const held: HeldServer[] = [];
	const release = (): void => {
		for (const server of held) {
			server.release();
		}
	};
	const giveUp = (problem: { ok: false; error: AnswerError }): Answer<HeldTools> => {
		release();
		return problem;
	};
	for (const [index, tool] of tools.entries()) {
		if (tool.type !== "mcp") {
			continue;
		}
		if (labels.length === 0) {
			const message =
				"This server calls no MCP tools: none are in its configuration. Add them under mcpServers, or send the tools as functions.";
			return giveUp(refuse(index, message, "unsupported_parameter"));
		}
		if (!labels.includes(tool.server_label)) {
			return giveUp(refuse(index, `There is no MCP server "${tool.server_label}" in the configuration. It has: ${labels.join(", ")}.`));
		}
		const server = await servers.hold(tool.server_label);
		if (!server.ok) {
			return giveUp(server);
		}
		held.push(server.value);
		let problem: { ok: false; error: AnswerError } | null;
		try {
			problem = await addServer(index, tool, server.value, functions, mcp, signal);
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			problem = refuse(index, `The MCP server "${tool.server_label}" does not tell its tools: ${reason}.`, "host_unreachable");
		}
		if (problem !== null) {
			return giveUp(problem);
		}
	}
	return { ok: true, value: { functions, mcp, release } };
}
