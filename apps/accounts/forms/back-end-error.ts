import type { AuthError } from "@supabase/supabase-js";
import type { AuthClient } from "../session/auth-client.ts";
import type { FormErrorCode } from "./form-error.ts";

const codes: Readonly<Record<string, FormErrorCode>> = {
	invalid_credentials: "wrong_password",
	email_not_confirmed: "unconfirmed",
	validation_failed: "email_invalid",
	email_address_invalid: "email_invalid",
	email_address_not_authorized: "email_invalid",
	weak_password: "password_weak",
	signup_disabled: "closed",
	email_provider_disabled: "closed",
	over_request_rate_limit: "too_many",
	over_email_send_rate_limit: "too_many",
	otp_expired: "link_over",
};

/** What a form says about a call of the back end; null when it went well. */
export function formErrorOf(client: AuthClient, error: AuthError | null): FormErrorCode | null {
	if (client.unreachable()) {
		return "unavailable";
	}
	if (error === null) {
		return null;
	}
	return codes[error.code ?? ""] ?? (error.status === 429 ? "too_many" : "unavailable");
}
