/** A time as the back ends write it: RFC 3339, or `2026-11-21 07:35:57.786+00` as the embedded one does. */
export function databaseTime(text: string): Date {
	return new Date(text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00"));
}
