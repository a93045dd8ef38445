/** A tool that any model can be made to call: a grammar holds its arguments to this schema. */
export const weatherParameters = {
	type: "object",
	properties: { city: { type: "string", enum: ["Ghent", "Oslo"] }, days: { type: "integer", minimum: 1, maximum: 9 } },
	required: ["city", "days"],
	additionalProperties: false,
};

/** Arguments that fit the schema. */
export interface WeatherArguments {
	readonly city: "Ghent" | "Oslo";
	readonly days: number;
}

/** True for arguments that fit the schema. */
export function isWeather(value: unknown): value is WeatherArguments {
	const { city, days } = value as Partial<WeatherArguments>;
	return (city === "Ghent" || city === "Oslo") && Number.isInteger(days) && days !== undefined && days >= 1 && days <= 9;
}
