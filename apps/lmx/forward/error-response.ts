import { errorBody } from "@opta/contracts/error-body";
import { type ErrorCode, errorStatus } from "@opta/contracts/error-codes";

/** An error as this site's API sends it. */
export function errorResponse(code: ErrorCode, message: string): Response {
	return Response.json(errorBody(code, message), { status: errorStatus[code], headers: { "cache-control": "no-store" } });
}
