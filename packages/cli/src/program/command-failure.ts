import type { exitCodes } from "@opta/contracts/daemon-protocol";

/** Why a command ended without doing what it was asked for, as one of the documented exit codes. */
export type FailureKind = Exclude<keyof typeof exitCodes, "ok">;

/** Ends a command with its exit code. The message says what happened and what to do next. */
export class CommandFailure extends Error {
	override readonly name = "CommandFailure";
	readonly kind: FailureKind;

	constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
		super(message, options);
		this.kind = kind;
	}
}
