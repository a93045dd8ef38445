import type { FormErrorCode } from "../forms/form-error.ts";

/** Codes of GoTrue (`error_code`) and of RFC 6749 §4.1.2.1 (`error`), in our words. */
const codes: Readonly<Record<string, FormErrorCode>> = {
	access_denied: "provider_denied",
	user_banned: "provider_denied",
	signup_disabled: "closed",
	provider_email_needs_verification: "provider_unverified",
	email_not_confirmed: "provider_unverified",
	provider_disabled: "provider_off",
	oauth_provider_not_supported: "provider_off",
	bad_oauth_state: "provider_stale",
	bad_oauth_callback: "provider_stale",
	bad_code_verifier: "provider_stale",
	flow_state_expired: "provider_stale",
	flow_state_not_found: "provider_stale",
	flow_state_already_used: "provider_stale",
	pkce_code_verifier_not_found: "provider_stale",
	identity_already_exists: "identity_taken",
	manual_linking_disabled: "link_off",
	over_request_rate_limit: "too_many",
	temporarily_unavailable: "provider_failed",
};

/**
 * What a sign-in page says about an error that came back from a provider or from the exchange of its code. Nothing of what
 * the address said is repeated: whoever made the link could have written it.
 */
export function providerErrorOf(error: string | null | undefined, errorCode?: string | null): FormErrorCode {
	return own(errorCode) ?? own(error) ?? "provider_failed";
}

function own(code: string | null | undefined): FormErrorCode | undefined {
	return typeof code === "string" && Object.hasOwn(codes, code) ? codes[code] : undefined;
}
