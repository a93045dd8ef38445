/** Variables that are not set; the message names them. */
export class MissingVariableError extends Error {
	override readonly name = "MissingVariableError";

	constructor(name: string) {
		super(`The variable ${name} is not set. Set it where the daemon is started, or take it out of the configuration.`);
	}
}

/** Puts variables in place of `${NAME}`. Throws `MissingVariableError` where one is not set. */
export function fillVariables(text: string, environment: Readonly<Record<string, string>>): string {
	return text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
		const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
		if (value === undefined) {
			throw new MissingVariableError(name);
		}
		return value;
	});
}

/** The same for every value of a record. */
export function fillAll(values: Readonly<Record<string, string>>, environment: Readonly<Record<string, string>>): Record<string, string> {
	return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fillVariables(value, environment)]));
}
