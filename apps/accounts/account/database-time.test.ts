import { expect, it } from "vitest";
import { databaseTime } from "./database-time.ts";

it.each(["2026-11-21 07:35:57.786+00", "2026-11-21T07:35:57.786+00:00", "2026-11-21T07:35:57.786Z", "2026-11-21 09:35:57.786+02"])(
	"reads %s",
	(text) => {
		expect(databaseTime(text).toISOString()).toBe("2026-11-21T07:35:57.786Z");
	},
);
