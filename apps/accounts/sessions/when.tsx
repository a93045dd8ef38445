const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });

/** A time, in UTC, as people and programs read it. */
export function When({ at }: { readonly at: Date }) {
	return <time dateTime={at.toISOString()}>{format.format(at)} UTC</time>;
}
