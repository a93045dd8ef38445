import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeText, detectForm, encodeText } from "./text-form.ts";

test("what is read and written back is the same bytes, whatever they are", () => {
	const marks = fc.constantFrom([], [0xef, 0xbb, 0xbf], [0xff, 0xfe], [0xfe, 0xff]);
	fc.assert(
		fc.property(marks, fc.uint8Array({ maxLength: 64 }), (mark, rest) => {
			const bytes = Buffer.from([...mark, ...rest]);
			const form = detectForm(bytes);
			if (form !== null && (form.encoding === "latin1" || !decodeText(bytes, form).includes("\uFFFD"))) {
				expect(encodeText(decodeText(bytes, form), form)).toEqual(bytes);
			}
		}),
	);
});

test("forms are told by their bytes", () => {
	expect(detectForm(Buffer.from("grün"))?.encoding).toBe("utf8");
	expect(detectForm(Buffer.from("gr\xfcn", "latin1"))?.encoding).toBe("latin1");
	expect(detectForm(Buffer.from("\uFEFFgrün", "utf16le"))?.encoding).toBe("utf16le");
	expect(detectForm(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0]))).toBeNull();
	expect(decodeText(Buffer.from("\uFEFFabc"), { encoding: "utf8", byteOrderMark: true })).toBe("abc");
});

test("a character that a one-byte file has no room for is refused instead of being lost", () => {
	expect(encodeText("€", { encoding: "latin1", byteOrderMark: false })).toBeNull();
});
