import { type AdmissionPlan, planAdmission, type ResidentMemory } from "../memory/plan-admission.ts";
import type { ResidentModel } from "./resident-model.ts";

/** The processes that have memory: for each model the one that answers now, and those that are leaving or taking over. */
export class ResidentModels {
	readonly #current = new Map<string, ResidentModel>();
	readonly #besides = new Set<ResidentModel>();

	/** Those that answer now. */
	current(): readonly ResidentModel[] {
		return [...this.#current.values()];
	}

	/** Everything that has memory. */
	all(): readonly ResidentModel[] {
		return [...this.#current.values(), ...this.#besides];
	}

	/** The process that answers for a model now. */
	find(modelId: string): ResidentModel | undefined {
		return this.#current.get(modelId);
	}

	/** Makes a process the one that answers; the result is the one that did before. */
	promote(resident: ResidentModel): ResidentModel | undefined {
		const before = this.#current.get(resident.model.id);
		this.#besides.delete(resident);
		this.#current.set(resident.model.id, resident);
		return before;
	}

	/** The process keeps its memory but answers no new requests. */
	setAside(resident: ResidentModel): void {
		this.#forgetCurrent(resident);
		this.#besides.add(resident);
	}

	/** The process is gone. */
	remove(resident: ResidentModel): void {
		this.#forgetCurrent(resident);
		this.#besides.delete(resident);
	}

	/** What all of them take, or will once they are loaded. */
	get committedBytes(): number {
		return Math.round(this.all().reduce((sum, { bytes }) => sum + bytes, 0));
	}

	/** As admission sees them. */
	memories(): readonly ResidentMemory[] {
		return this.all().map((resident) => ({
			id: resident.model.id,
			bytes: resident.bytes,
			isBusy: resident.isBusy || this.#besides.has(resident),
			isPinned: resident.options.isPinned,
			lastUsedAtMs: resident.lastUsedAtMs,
		}));
	}

	/** Those that may go to make room. */
	evictable(): readonly ResidentMemory[] {
		return this.memories().filter(({ isBusy, isPinned }) => !isBusy && !isPinned);
	}

	/** What would have to be done for a model that needs this much, if `without` were gone. */
	plan(capacityBytes: number, requiredBytes: number, without?: ResidentModel): AdmissionPlan {
		const index = without === undefined ? -1 : this.all().indexOf(without);
		return planAdmission(
			capacityBytes,
			this.memories().filter((_, position) => position !== index),
			requiredBytes,
		);
	}

	#forgetCurrent(resident: ResidentModel): void {
		if (this.#current.get(resident.model.id) === resident) {
			this.#current.delete(resident.model.id);
		}
	}
}
