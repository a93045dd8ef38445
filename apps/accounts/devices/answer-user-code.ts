import type { AccountsContext } from "../accounts-context.ts";
import { answerByCode } from "./answer-by-code.ts";

/** `POST /api/device/answer`: fields `code`, `decision`. Approves or refuses a device that shows a code. */
export function answerUserCode(context: AccountsContext, request: Request): Promise<Response> {
	return answerByCode(context, request, {
		page: "/device",
		answer: ({ userCodeHash, approve, accessToken }) =>
			context.portal.call("answer_device_request", { user_code_hash: userCodeHash, approve }, accessToken),
		read: (wasTaken, approve) =>
			wasTaken === true ? { parameters: { answered: approve ? "approved" : "refused" } } : { error: "code_unknown" },
	});
}
