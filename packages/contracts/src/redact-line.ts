/** Fields whose text is never written, at any depth of an entry. */
const secretFields = [
	"authorization",
	"proxy-authorization",
	"cookie",
	"set-cookie",
	"x-api-key",
	"api_key",
	"apiKey",
	"adminKey",
	"hfToken",
	"token",
	"accessToken",
	"refreshToken",
	"secret",
	"password",
];

const secretField = new RegExp(`"(${secretFields.join("|")})":"(?:[^"\\\\]|\\\\.)*"`, "gi");
/** Keys that stand in the middle of a text, by the beginnings that their makers give them. */
const secretText = /\b(Bearer\s+|hf_|sk-|opta-lmx-)[\w.~+/=-]{8,}/g;

/** Blacks out secrets in a line of the log; what comes in as JSON stays JSON. */
export function redactLine(line: string): string {
	return line.replace(secretField, '"$1":"[redacted]"').replace(secretText, "$1[redacted]");
}
