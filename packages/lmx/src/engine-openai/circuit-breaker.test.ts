import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CircuitBreaker, type Permit } from "./circuit-breaker.ts";

const limits = { failures: 3, openMs: 100, maxOpenMs: 400 };

function failing(breaker: CircuitBreaker, nowMs: number): void {
	breaker.enter(nowMs)?.fail(nowMs);
}

describe("CircuitBreaker", () => {
	it("opens after failures in a row, tries once when it is time, and closes when that went well", () => {
		const breaker = new CircuitBreaker(limits);
		for (let count = 0; count < 3; count++) {
			failing(breaker, 0);
		}
		expect(breaker.enter(99)).toBeNull();
		expect(breaker.waitMs(40)).toBe(60);
		const probe = breaker.enter(100);
		expect(probe).not.toBeNull();
		expect(breaker.enter(100)).toBeNull();
		probe?.succeed();
		expect(breaker.enter(100)).not.toBeNull();
	});

	it("waits longer after every try that fails, up to a limit", () => {
		const breaker = new CircuitBreaker(limits);
		for (let count = 0; count < 3; count++) {
			failing(breaker, 0);
		}
		const waits: number[] = [];
		let nowMs = 0;
		for (let tries = 0; tries < 4; tries++) {
			waits.push(breaker.waitMs(nowMs));
			nowMs += breaker.waitMs(nowMs);
			failing(breaker, nowMs);
		}
		expect(waits).toEqual([100, 200, 400, 400]);
	});

	it("forgives single failures", () => {
		const breaker = new CircuitBreaker(limits);
		for (let count = 0; count < 20; count++) {
			failing(breaker, count);
			failing(breaker, count);
			breaker.enter(count)?.succeed();
		}
		expect(breaker.waitMs(20)).toBe(0);
	});

	it("lets another request try when nobody waited for the first", () => {
		const breaker = new CircuitBreaker(limits);
		for (let count = 0; count < 3; count++) {
			failing(breaker, 0);
		}
		breaker.enter(100)?.abandon();
		expect(breaker.enter(100)).not.toBeNull();
	});

	it("keeps its promises whatever happens in whatever order", () => {
		const step = fc.oneof(
			fc.record({ kind: fc.constant("enter" as const) }),
			fc.record({ kind: fc.constantFrom("succeed", "fail", "abandon"), index: fc.nat(20) }),
			fc.record({ kind: fc.constant("wait" as const), ms: fc.nat(500) }),
		);
		fc.assert(
			fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
				const breaker = new CircuitBreaker(limits);
				const permits: Permit[] = [];
				let nowMs = 0;
				for (const each of steps) {
					if (each.kind === "wait") {
						nowMs += each.ms;
					} else if (each.kind === "enter") {
						const waitMs = breaker.waitMs(nowMs);
						const permit = breaker.enter(nowMs);
						expect(permit === null).toBe(waitMs > 0);
						if (permit !== null) {
							permits.push(permit);
						}
					} else if (permits.length > 0) {
						const permit = permits[each.index % permits.length];
						if (each.kind === "fail") {
							permit?.fail(nowMs);
						} else {
							permit?.[each.kind]();
						}
					}
					expect(breaker.waitMs(nowMs)).toBeLessThanOrEqual(limits.maxOpenMs);
				}
				// Whoever still tries gives up; then the server is reachable again after the longest wait.
				for (const permit of permits) {
					permit.abandon();
				}
				const probe = breaker.enter(nowMs + limits.maxOpenMs);
				expect(probe).not.toBeNull();
				probe?.succeed();
				expect(breaker.waitMs(nowMs + limits.maxOpenMs)).toBe(0);
			}),
		);
	});
});
