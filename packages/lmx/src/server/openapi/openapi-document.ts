/** What @fastify/swagger has made, as far as it is read here. */
export interface OpenapiDocument {
	readonly openapi: string;
	readonly info: { readonly title: string; readonly version: string; readonly description?: string };
	readonly tags?: readonly { readonly name: string; readonly description?: string }[];
	readonly paths: Readonly<Record<string, Readonly<Record<string, OpenapiOperation>>>>;
}

/** One route. */
export interface OpenapiOperation {
	readonly tags?: readonly string[];
	readonly summary?: string;
	readonly description?: string;
	readonly parameters?: readonly OpenapiParameter[];
	readonly requestBody?: OpenapiContent;
	readonly responses?: Readonly<Record<string, OpenapiContent & { readonly description?: string }>>;
}

/** A parameter in path, query or header. */
export interface OpenapiParameter {
	readonly in: string;
	readonly name: string;
	readonly required?: boolean;
	readonly description?: string;
	readonly schema: JsonSchema;
}

/** A body by its media types. */
export interface OpenapiContent {
	readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>>;
}

/** The part of JSON Schema that zod writes. */
export interface JsonSchema {
	readonly type?: string | readonly string[];
	readonly description?: string;
	readonly const?: unknown;
	readonly enum?: readonly unknown[];
	readonly anyOf?: readonly JsonSchema[];
	readonly oneOf?: readonly JsonSchema[];
	readonly properties?: Readonly<Record<string, JsonSchema>>;
	readonly required?: readonly string[];
	readonly items?: JsonSchema;
	readonly [keyword: string]: unknown;
}
