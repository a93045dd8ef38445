import type { Answer, AnswerError } from "../serving/backend.ts";
import { planAdmission, type ResidentMemory } from "./plan-admission.ts";
import { neverFits, refuseAdmission } from "./refuse-admission.ts";

/** A model that wants to be loaded. */
export interface AdmissionTicket {
	readonly modelId: string;
	readonly requiredBytes: number;
	/** The model is there meanwhile, so that nothing needs to be loaded. */
	isSatisfied(): boolean;
	/** Called in the same moment as the decision; from then on the model must be among the residents. */
	onAdmitted(): void;
	readonly signal: AbortSignal;
}

/** What the gate sees and does. */
export interface GateParts {
	/** What all models together may take now. */
	capacityBytes(): number;
	residents(): readonly ResidentMemory[];
	/** Unloads an idle model; it must be busy or gone among the residents at once. */
	evict(modelId: string): Promise<void>;
	/** The longest that a load waits for busy models, in milliseconds; 0 refuses at once. */
	waitMs(): number;
	readonly now: () => number;
}

/** After this part of its longest wait, a load goes before new requests for the models that it waits for. */
const patienceShare = 0.25;

/** Other programs give memory back without telling; while a load waits, this often is looked. */
const lookMs = 1000;

const givenUp: AnswerError = { code: "cancelled", message: "The request was given up while its model waited for memory." };

interface WaitingTicket {
	readonly ticket: AdmissionTicket;
	readonly sinceMs: number;
	readonly settle: (answer: Answer<null>) => void;
}

/**
 * Lets models into memory, one decision at a time and in the order in which they came, so that two loads never count
 * the same free bytes. Requests for models that are loaded pass by a waiting load for a while, then it goes first.
 */
export class MemoryGate {
	readonly #parts: GateParts;
	readonly #queue: WaitingTicket[] = [];
	#claimed: readonly string[] = [];
	#isDeciding = false;
	#hasChanged = false;
	#timer: NodeJS.Timeout | undefined;

	constructor(parts: GateParts) {
		this.#parts = parts;
	}

	/** Waits for room; settles with an error when there is none, in time or ever. */
	admit(ticket: AdmissionTicket): Promise<Answer<null>> {
		if (ticket.signal.aborted) {
			return Promise.resolve({ ok: false, error: givenUp });
		}
		return new Promise((resolve) => {
			const waiting: WaitingTicket = {
				ticket,
				sinceMs: this.#parts.now(),
				settle: (answer) => {
					ticket.signal.removeEventListener("abort", onAbort);
					resolve(answer);
				},
			};
			const onAbort = (): void => this.#giveUp(waiting);
			ticket.signal.addEventListener("abort", onAbort, { once: true });
			this.#queue.push(waiting);
			this.changed();
		});
	}

	/** Call when a model became idle, or is gone. */
	changed(): void {
		this.#hasChanged = true;
		if (!this.#isDeciding) {
			this.#isDeciding = true;
			void this.#decide();
		}
	}

	/** True when a load has waited long enough for this model to become idle: new requests for it go behind that load. */
	isClaimed(modelId: string): boolean {
		return this.#claimed.includes(modelId);
	}

	#giveUp(waiting: WaitingTicket): void {
		const index = this.#queue.indexOf(waiting);
		if (index >= 0) {
			this.#queue.splice(index, 1);
			waiting.settle({ ok: false, error: givenUp });
			this.changed();
		}
	}

	async #decide(): Promise<void> {
		while (this.#hasChanged) {
			this.#hasChanged = false;
			this.#claimed = [];
			clearTimeout(this.#timer);
			const head = this.#queue[0];
			if (head !== undefined) {
				await this.#decideHead(head);
			}
		}
		this.#isDeciding = false;
	}

	async #decideHead(head: WaitingTicket): Promise<void> {
		const { ticket, sinceMs } = head;
		if (ticket.isSatisfied()) {
			this.#settleHead({ ok: true, value: null });
			return;
		}
		const plan = planAdmission(this.#parts.capacityBytes(), this.#parts.residents(), ticket.requiredBytes);
		if (plan.kind === "fits") {
			if (plan.evict.length === 0) {
				ticket.onAdmitted();
				this.#settleHead({ ok: true, value: null });
				return;
			}
			await Promise.all(plan.evict.map((id) => this.#parts.evict(id)));
			this.#hasChanged = true;
			return;
		}
		if (plan.kind === "refuse") {
			this.#settleHead({ ok: false, error: refuseAdmission(ticket, plan, neverFits) });
			return;
		}
		const waitMs = this.#parts.waitMs();
		const waitedMs = this.#parts.now() - sinceMs;
		if (waitedMs >= waitMs) {
			const advice = `The rest is busy with answers (${plan.forModels.join(", ")}). Try again in a moment.`;
			this.#settleHead({ ok: false, error: refuseAdmission(ticket, plan, advice) });
			return;
		}
		const patienceMs = waitMs * patienceShare;
		const isImpatient = waitedMs >= patienceMs;
		this.#claimed = isImpatient ? plan.forModels : [];
		this.#timer = setTimeout(() => this.changed(), Math.min(lookMs, (isImpatient ? waitMs : patienceMs) - waitedMs));
		this.#timer.unref();
	}

	#settleHead(answer: Answer<null>): void {
		this.#queue.shift()?.settle(answer);
		this.#hasChanged = true;
	}
}
