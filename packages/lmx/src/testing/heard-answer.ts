import type { ChatDelta, FinishReason, Usage } from "@opta/contracts/schema/lmx-chat";
import type { AnswerError, AnswerListener } from "../serving/backend.ts";

/** Everything that a listener heard of an answer, and waiting for it. */
export class HeardAnswer implements AnswerListener {
	readonly deltas: ChatDelta[] = [];
	readonly finishes: FinishReason[] = [];
	isAccepted = false;
	usage: Usage | null = null;
	error: AnswerError | null = null;
	readonly #over = Promise.withResolvers<void>();
	readonly #firstDelta = Promise.withResolvers<void>();

	get content(): string {
		return this.deltas.map(({ content }) => content ?? "").join("");
	}

	/** Settles when nothing more will follow. */
	get over(): Promise<void> {
		return this.#over.promise;
	}

	/** Settles with the first delta. */
	get firstDelta(): Promise<void> {
		return this.#firstDelta.promise;
	}

	onAccepted(): void {
		this.isAccepted = true;
	}

	onDelta(_choice: number, delta: ChatDelta): void {
		this.deltas.push(delta);
		this.#firstDelta.resolve();
	}

	onFinish(_choice: number, reason: FinishReason): void {
		this.finishes.push(reason);
	}

	onEnd(usage: Usage): void {
		this.usage = usage;
		this.#over.resolve();
	}

	onError(error: AnswerError): void {
		this.error = error;
		this.#over.resolve();
	}
}
