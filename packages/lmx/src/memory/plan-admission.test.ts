import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planAdmission, type ResidentMemory } from "./plan-admission.ts";

function resident(id: string, bytes: number, more: Partial<ResidentMemory> = {}): ResidentMemory {
	return { id, bytes, isBusy: false, isPinned: false, lastUsedAtMs: 0, ...more };
}

describe("planAdmission", () => {
	it("evicts nothing while there is room", () => {
		expect(planAdmission(100, [resident("a", 40)], 60)).toEqual({ kind: "fits", evict: [] });
	});

	it("evicts idle models, the least recently used first, and no more than needed", () => {
		const residents = [
			resident("new", 30, { lastUsedAtMs: 3 }),
			resident("old", 30, { lastUsedAtMs: 1 }),
			resident("middle", 30, { lastUsedAtMs: 2 }),
		];
		expect(planAdmission(100, residents, 20)).toEqual({ kind: "fits", evict: ["old"] });
		expect(planAdmission(100, residents, 70)).toEqual({ kind: "fits", evict: ["old", "middle"] });
	});

	it("spares a small model when a larger one that must go anyway makes room enough", () => {
		const residents = [resident("small", 5, { lastUsedAtMs: 1 }), resident("large", 80, { lastUsedAtMs: 2 })];
		expect(planAdmission(100, residents, 90)).toEqual({ kind: "fits", evict: ["large"] });
	});

	it("waits for busy models, and refuses with numbers what can never fit", () => {
		const residents = [resident("busy", 50, { isBusy: true }), resident("idle", 20), resident("pinned", 20, { isPinned: true })];
		expect(planAdmission(100, residents, 60)).toEqual({ kind: "wait", forModels: ["busy"], availableBytes: 10, evictableBytes: 20 });
		expect(planAdmission(100, residents, 90)).toEqual({ kind: "refuse", availableBytes: 10, evictableBytes: 20 });
	});

	it("never plans above the ceiling and never touches a busy or pinned model", () => {
		const bytes = fc.integer({ min: 0, max: 1000 });
		const models = fc.array(
			fc.record({ bytes, isBusy: fc.boolean(), isPinned: fc.boolean(), lastUsedAtMs: fc.integer({ min: 0, max: 9 }) }),
			{ maxLength: 8 },
		);
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 4000 }), models, bytes, (capacityBytes, list, requiredBytes) => {
				const residents = list.map((model, index) => ({ ...model, id: String(index) }));
				const plan = planAdmission(capacityBytes, residents, requiredBytes);
				const sum = (chosen: readonly ResidentMemory[]): number => chosen.reduce((total, each) => total + each.bytes, 0);
				if (plan.kind === "fits") {
					const gone = residents.filter(({ id }) => plan.evict.includes(id));
					expect(gone.every(({ isBusy, isPinned }) => !isBusy && !isPinned)).toBe(true);
					if (gone.length > 0 || requiredBytes > 0) {
						expect(sum(residents) - sum(gone) + requiredBytes).toBeLessThanOrEqual(Math.max(capacityBytes, sum(residents) - sum(gone)));
					}
					for (const each of gone) {
						expect(sum(residents) - sum(gone) + each.bytes + requiredBytes).toBeGreaterThan(capacityBytes);
					}
				} else {
					const idle = residents.filter(({ isBusy, isPinned }) => !isBusy && !isPinned);
					expect(sum(residents) - sum(idle) + requiredBytes).toBeGreaterThan(capacityBytes);
				}
			}),
		);
	});
});
