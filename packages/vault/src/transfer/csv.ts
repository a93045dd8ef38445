import { checkCount, type PortableItem, unreadable } from "./portable-item.ts";

/** Names that password managers give their columns. */
const columnNames: Readonly<Record<Exclude<keyof PortableItem, "kind">, readonly string[]>> = {
	name: ["name", "title"],
	username: ["username", "login_username", "login", "user", "email"],
	url: ["url", "login_uri", "website", "uri"],
	value: ["value", "password", "login_password", "secret"],
	notes: ["notes", "note", "comments"],
};

/** Splits CSV (RFC 4180) into rows; quotes may hold commas, line ends and doubled quotes. */
function* rowsOf(text: string): Generator<readonly string[]> {
	const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
	let row: string[] = [];
	while (cell.lastIndex < text.length) {
		const match = cell.exec(text);
		if (match === null) {
			throw unreadable("a quote in it does not end");
		}
		row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
		if (match[3] !== ",") {
			yield row;
			row = [];
		}
	}
	if (row.length > 0) {
		yield [...row, ""];
	}
}

/**
 * Reads the CSV of a password manager by the names of its columns.
 * @throws {VaultError} `malformed` when there is no column for names or values
 */
export function parseCsvItems(text: string): readonly PortableItem[] {
	const [header = [], ...rows] = rowsOf(text.replace(/^\ufeff/, ""));
	const known = header.map((title) => title.trim().toLowerCase());
	const at = (column: keyof typeof columnNames): number => known.findIndex((title) => columnNames[column].includes(title));
	const places = { name: at("name"), username: at("username"), url: at("url"), value: at("value"), notes: at("notes") };
	if (places.name === -1 || places.value === -1) {
		throw unreadable('its first line names no columns "name" and "password"');
	}
	const filled = rows.filter((row) => row.some((text) => text !== ""));
	return checkCount(filled).map((row): PortableItem => {
		const text = (column: keyof typeof columnNames): string => row[places[column]] ?? "";
		const login = text("username") !== "" || text("url") !== "";
		return {
			kind: login ? "login" : "note",
			name: text("name"),
			username: text("username"),
			url: text("url"),
			value: text("value"),
			notes: text("notes"),
		};
	});
}

const written = ["name", "username", "url", "value", "notes"] as const;

/** Items as CSV (RFC 4180). */
export function formatCsvItems(items: readonly PortableItem[]): string {
	const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
	const lines = items.map((item) => written.map((column) => quoted(item[column])).join(","));
	return [written.join(","), ...lines, ""].join("\r\n");
}
