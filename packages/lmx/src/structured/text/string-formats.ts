const day = "(0[1-9]|[12]\\d|3[01])";
const leapYear = "(\\d\\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)";
const date = `(\\d{4}-((0[13578]|1[02])-${day}|(0[469]|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|1\\d|2[0-8]))|${leapYear}-02-29)`;
const hour = "([01]\\d|2[0-3])";
const time = `${hour}:[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+-]${hour}:[0-5]\\d)`;
const hex = "[0-9a-fA-F]";
const ipv4 = "((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const group = `${hex}{1,4}`;
/** `::` with every number of groups before it, and at most so many after it that one group is left out. */
const shortened = Array.from({ length: 7 }, (_, before) => {
	const head = before === 0 ? ":" : `(${group}:){${before}}`;
	const after = 6 - before;
	return `${head}:${after === 0 ? `(${group})?` : `(${group}(:${group}){0,${after}})?`}`;
});
const ipv6 = `((${group}:){7}${group}|${shortened.join("|")})`;
const label = "[a-zA-Z0-9]([a-zA-Z0-9-]{0,28}[a-zA-Z0-9])?";
const hostname = `${label}(\\.${label}){0,7}`;
const atom = "[a-z0-9!#$%&'*+/=?^_`{}~-]+";
const domain = "[a-z0-9]+(-+[a-z0-9]+)*(\\.[a-z0-9]+(-+[a-z0-9]+)*)";
const email = `${atom}(\\.${atom})*@${domain}+`;
const uriChar = "([A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-F]{2})";
const uri = `[a-z][a-z0-9+.-]{0,15}://${domain}*(:\\d{1,5})?(/${uriChar}*)*(\\?(${uriChar}|[/?])*)?(#(${uriChar}|[/?])*)?`;
const uuid = `${hex}{8}(-${hex}{4}){3}-${hex}{12}`;

/**
 * Patterns of the formats that are enforced (JSON Schema 2020-12 validation, 7.3). Each allows a part of what
 * its standard does: times without leap seconds, host names of at most 8 labels of 30 letters, mail addresses in
 * small letters without quotes, URIs with `//` and a host name in small letters, IPv6 without an IPv4 tail.
 */
export const formatPatterns: Readonly<Record<string, string>> = {
	date: `^${date}$`,
	time: `^${time}$`,
	"date-time": `^${date}T${time}$`,
	uuid: `^${uuid}$`,
	email: `^${email}$`,
	ipv4: `^${ipv4}$`,
	ipv6: `^${ipv6}$`,
	hostname: `^${hostname}$`,
	uri: `^${uri}$`,
};
