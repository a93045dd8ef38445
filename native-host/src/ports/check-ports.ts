import { connect, createServer } from "node:net";
import { findPortHolder, type PortHolder } from "./find-port-holder.ts";

/** A port that is going to be listened on, and what for. */
export interface WantedPort {
	readonly port: number;
	/** Name of what listens there, for people. */
	readonly purpose: string;
}

/** A wanted port that cannot be had. `holder` is null when the system does not tell who has it. */
export interface PortConflict extends WantedPort {
	readonly cause: "inUse" | "notAllowed";
	readonly holder: PortHolder | null;
}

function canListen(port: number): Promise<"free" | PortConflict["cause"]> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "EACCES" ? "notAllowed" : "inUse"));
		server.listen(port, "127.0.0.1", () => server.close(() => resolve("free")));
	});
}

/** macOS lets a program listen on loopback where another one listens on all addresses; a connection finds that one. */
function somebodyAnswers(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(port, "127.0.0.1");
		socket.once("error", () => resolve(false));
		socket.once("connect", () => {
			socket.destroy();
			resolve(true);
		});
	});
}

/** Finds those of the wanted ports that cannot be listened on at 127.0.0.1, in the given order. */
export async function checkPorts(wanted: readonly WantedPort[]): Promise<readonly PortConflict[]> {
	const checked = await Promise.all(
		wanted.map(async ({ port, purpose }): Promise<PortConflict | null> => {
			const answer = (await somebodyAnswers(port)) ? "inUse" : await canListen(port);
			return answer === "free" ? null : { port, purpose, cause: answer, holder: answer === "inUse" ? await findPortHolder(port) : null };
		}),
	);
	return checked.filter((conflict) => conflict !== null);
}

/** One sentence for a person: which port, what for, and who has it. */
export function describePortConflict({ port, purpose, cause, holder }: PortConflict): string {
	if (cause === "notAllowed") {
		return `Port ${port} (${purpose}) may not be used by this user; ports under 1024 need more rights.`;
	}
	const by = holder === null ? "another program" : `${holder.command} (process ${holder.pid})`;
	return `Port ${port} (${purpose}) is in use by ${by}.`;
}
