import type { SignedInSession } from "@opta/auth/session";
import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";
import { type FoundByCode, findByUserCode } from "./find-by-user-code.ts";

const rowsSchema = z.array(
	z
		.object({ device_name: z.string(), device_kind: z.string(), place: z.string().nullable(), client: z.string().nullable() })
		.transform(({ device_name, device_kind, ...seen }) => ({ name: device_name, kind: device_kind, ...seen })),
);

/** A device that waits for an answer. */
export type PendingDevice = z.infer<typeof rowsSchema>[number];

/** Looks up the device that shows a typed code. */
export function findDeviceRequest(
	context: AccountsContext,
	session: SignedInSession,
	code: string,
	headers: Headers,
): Promise<FoundByCode<PendingDevice>> {
	return findByUserCode(context, session, code, headers, { name: "find_device_request", readRows: (rows) => rowsSchema.parse(rows) });
}
