import { randomUUIDv7 } from "node:crypto";
import type { AccountsContext } from "../accounts-context.ts";
import { answerByCode } from "../devices/answer-by-code.ts";

/** `POST /api/host/claim/answer`: fields `code`, `decision`. Makes the signed-in person the owner of the host that shows a code, or refuses it. */
export function answerHostClaim(context: AccountsContext, request: Request): Promise<Response> {
	return answerByCode(context, request, {
		page: "/hosts/claim",
		answer: ({ userCodeHash, approve, accessToken }) =>
			context.portal.call("answer_host_claim", { user_code_hash: userCodeHash, approve, new_host: randomUUIDv7() }, accessToken),
		read(outcome) {
			switch (outcome) {
				case "claimed":
					return { parameters: { answered: "approved" } };
				case "denied":
					return { parameters: { answered: "refused" } };
				case "owned":
					return { error: "host_owned" };
				default:
					return { error: "code_unknown" };
			}
		},
	});
}
