/** One line of the table that `npm start` prints. */
export interface AddressRow {
	readonly title: string;
	readonly url: string;
	readonly state: string;
}

/** Renders the table with columns as wide as their longest entry. */
export function renderAddressTable(rows: readonly AddressRow[]): string {
	const titleWidth = Math.max(...rows.map((row) => row.title.length));
	const urlWidth = Math.max(...rows.map((row) => row.url.length));
	return rows.map((row) => `  ${row.title.padEnd(titleWidth)}  ${row.url.padEnd(urlWidth)}  ${row.state}`.trimEnd()).join("\n");
}
