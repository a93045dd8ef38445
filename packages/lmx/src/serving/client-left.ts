import type { AnswerError } from "./backend.ts";

/** How an answer went that its client did not wait for. */
export const clientLeft: AnswerError = { code: "cancelled", message: "The client left before the answer was complete." };
