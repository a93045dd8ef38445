import { randomUUID } from "node:crypto";
import type { PassClaims } from "@opta/contracts/schema/pass";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createOpenExchanges } from "./open-exchanges.ts";

const people = [randomUUID(), randomUUID(), randomUUID()] as const;

function claimsOf(person: number): PassClaims {
	return { iss: "", aud: "", sub: people[person] ?? "", role: "user", jti: randomUUID(), iat: 1, exp: 2 };
}

it("never holds more than may be, of one person or of all, whoever comes and goes, and forgets nobody who is there", () => {
	const step = fc.record({ person: fc.nat({ max: 2 }), leaves: fc.boolean(), which: fc.nat({ max: 9 }) });
	fc.assert(
		fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
			const register = createOpenExchanges({ most: 4, mostPerPerson: 2 });
			let open: { person: number; leave: () => void }[] = [];
			let cuts = 0;
			for (const { person, leaves, which } of steps) {
				if (leaves) {
					const [gone] = open.splice(which % (open.length || 1), 1);
					gone?.leave();
					gone?.leave();
					continue;
				}
				const mayCome = open.length < 4 && open.filter((other) => other.person === person).length < 2;
				const leave = register.add(claimsOf(person), () => {
					cuts += 1;
				});
				expect(leave !== null).toBe(mayCome);
				open = leave === null ? open : [...open, { person, leave }];
			}
			const ofFirst = open.filter(({ person }) => person === 0).length;
			expect([register.endRevoked(({ sub }) => sub === people[0]), cuts]).toEqual([ofFirst, ofFirst]);
			register.endAll();
			expect(cuts).toBe(ofFirst + open.length);
		}),
	);
});
