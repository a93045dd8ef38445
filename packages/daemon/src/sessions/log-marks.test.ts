import fc from "fast-check";
import { expect, it } from "vitest";
import { LogMarks } from "./log-marks.ts";

it("never leads past an event that is wanted, and not far before it either", () => {
	fc.assert(
		fc.property(fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1, maxLength: 60 }), fc.nat(60), (lengths, wanted) => {
			const marks = new LogMarks({ seq: 0, bytes: 0 });
			let bytes = 0;
			const ends = lengths.map((length, index) => {
				bytes += length;
				marks.add({ seq: index + 1, bytes });
				return bytes;
			});
			const after = Math.min(wanted, lengths.length);
			const end = after === 0 ? 0 : (ends[after - 1] ?? 0);
			expect(marks.before(after)).toBeLessThanOrEqual(end);
			expect(end - marks.before(after)).toBeLessThan(256 * 1024 + 200_000);
		}),
	);
});
