import { catalogue } from "../library/catalogue.ts";
import type { Answer } from "../serving/backend.ts";

/** Where a model is to come from. */
export type ModelSpec =
	| {
			readonly kind: "hub";
			readonly repository: string;
			/** Name of a quantisation or of a file; null: the best known one. */
			readonly quant: string | null;
			/** Of the catalogue's entry that was named; null when a repository was. */
			readonly catalogueId: string | null;
	  }
	| { readonly kind: "address"; readonly url: URL };

const repositoryPattern = /^(?:hf:)?([A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9_][\w.-]{0,95})(?::([\w.+-][\w.+/-]{0,199}))?$/;

function refuse(message: string): Answer<ModelSpec> {
	return { ok: false, error: { code: "invalid_request", message, param: "model" } };
}

/** True for addresses of this machine, where plain HTTP gives nothing away. */
export function isLoopback({ hostname }: URL): boolean {
	return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function parseAddress(text: string): Answer<ModelSpec> {
	const url = URL.canParse(text) ? new URL(text) : null;
	if (url === null || (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url)))) {
		return refuse("Only https addresses can be downloaded from.");
	}
	if (url.username !== "" || url.password !== "") {
		return refuse("The address must not hold a name or a password.");
	}
	return { ok: true, value: { kind: "address", url } };
}

/** Reads what a person wrote: `hf:user/repo`, `hf:user/repo:quant`, a name of the catalogue, or an https address. */
export function parseModelSpec(text: string): Answer<ModelSpec> {
	if (/^https?:/i.test(text)) {
		return parseAddress(text);
	}
	const entry = catalogue.models.find(({ id }) => id === text.toLowerCase());
	if (entry?.source === "bundled") {
		return {
			ok: false,
			error: { code: "conflict", message: `The model "${entry.id}" ships with LMX. There is nothing to download.`, param: "model" },
		};
	}
	if (entry !== undefined) {
		return { ok: true, value: { kind: "hub", repository: entry.repository, quant: entry.fileName, catalogueId: entry.id } };
	}
	const match = repositoryPattern.exec(text);
	if (match?.[1] !== undefined && !text.includes("..")) {
		return { ok: true, value: { kind: "hub", repository: match[1], quant: match[2] ?? null, catalogueId: null } };
	}
	const names = catalogue.models.filter(({ source }) => source === "huggingface").map(({ id }) => id);
	return refuse(`"${text}" is no model to download. Write hf:user/repo:quant, an https address, or one of ${names.join(", ")}.`);
}
