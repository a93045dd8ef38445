import { expect, it } from "vitest";
import { formatBytes } from "./format-bytes.ts";

it.each([
	[0, "0 bytes"],
	[1023, "1023 bytes"],
	[1024, "1.0 KiB"],
	[307_232_768, "293 MiB"],
	[16_777_216_000, "15.6 GiB"],
	[512 * 1024 ** 3, "512 GiB"],
	[3 * 1024 ** 5, "3072 TiB"],
])("%d bytes read as %s", (bytes, text) => {
	expect(formatBytes(bytes)).toBe(text);
});
