import { expect, it } from "vitest";
import { leftText } from "./left-text.ts";

it.each([
	[600_000, "10:00"],
	[59_001, "1:00"],
	[1, "0:01"],
	[0, "0:00"],
	[-5000, "0:00"],
])("writes %d ms as %s", (leftMs, text) => expect(leftText(leftMs)).toBe(text));
