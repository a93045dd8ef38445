import type { SignedInSession } from "@opta/auth/session";
import { z } from "zod";
import type { Read } from "../account/read.ts";
import type { AccountsContext } from "../accounts-context.ts";

/** Calls a function of the database as a person, and reads the rows that it answers. */
export async function readRows<T>(
	{ portal }: Pick<AccountsContext, "portal">,
	{ accessToken }: Pick<SignedInSession, "accessToken">,
	name: string,
	values: Readonly<Record<string, unknown>>,
	row: z.ZodType<T>,
): Promise<Read<readonly T[]>> {
	const answer = await portal.call(name, values, accessToken);
	switch (answer.state) {
		case "ok":
			return { state: "ok", value: z.array(row).parse(answer.data) };
		case "refused":
			return { state: "sessionEnded" };
		case "unavailable":
			return { state: "unavailable" };
	}
}
