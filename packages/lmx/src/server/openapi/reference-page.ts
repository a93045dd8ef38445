import { createHash } from "node:crypto";
import { describeFields, typeOf } from "./describe-schema.ts";
import type { OpenapiContent, OpenapiDocument, OpenapiOperation } from "./openapi-document.ts";

/** A page with the Content-Security-Policy that fits it. */
export interface ReferencePage {
	readonly html: string;
	readonly contentPolicy: string;
}

const style = `
:root { color-scheme: light dark; --back: #fff; --text: #1c1c22; --soft: #5b5b66; --line: #dcdce3; --card: #f6f6f9; --accent: #6d28d9; }
@media (prefers-color-scheme: dark) { :root { --back: #0d0d12; --text: #ececf1; --soft: #a3a3b2; --line: #2b2b36; --card: #16161e; --accent: #b794f6; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; background: var(--back); color: var(--text); font: 1rem/1.55 system-ui, sans-serif; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
h1 { margin: 0; } h2 { margin: 2.5rem 0 .5rem; border-bottom: 1px solid var(--line); }
p { margin: .4rem 0; } .soft { color: var(--soft); }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
details { margin: .5rem 0; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); }
summary { padding: .6rem .8rem; cursor: pointer; }
details > div { padding: 0 .8rem .8rem; }
.method { display: inline-block; min-width: 4.2rem; font-weight: 700; color: var(--accent); }
table { width: 100%; border-collapse: collapse; margin: .3rem 0 .8rem; font-size: .93rem; }
th, td { padding: .35rem .5rem; border-top: 1px solid var(--line); text-align: left; vertical-align: top; }
caption { text-align: left; font-weight: 600; padding: .4rem 0; }
input { font: inherit; width: 100%; padding: .5rem .7rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); color: inherit; }
[hidden] { display: none; }
td:first-child { width: 34%; }
@media (max-width: 40rem) { thead { display: none; } tr { display: block; border-top: 1px solid var(--line); padding: .3rem 0; } td, td:first-child { display: block; width: auto; border: 0; padding: .1rem .2rem; } td:empty { display: none; } }
`;

/** Filters the routes; the page is whole without it. */
const script = `
const box = document.querySelector("#filter");
box.closest("p").hidden = false;
box.addEventListener("input", () => {
  const words = box.value.toLowerCase().split(/\\s+/);
  for (const route of document.querySelectorAll("details")) {
    route.hidden = !words.every((word) => route.dataset.words.includes(word));
  }
  for (const section of document.querySelectorAll("section")) {
    section.hidden = section.querySelector("details:not([hidden])") === null;
  }
});
if (location.hash) { const route = document.getElementById(location.hash.slice(1)); if (route instanceof HTMLDetailsElement) route.open = true; }
`;

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escapeHtml(text: string): string {
	return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

interface Row {
	readonly name: string;
	readonly type: string;
	readonly note: string;
	readonly description: string;
}

function table(caption: string, rows: readonly Row[]): string {
	if (rows.length === 0) {
		return "";
	}
	const lines = rows.map(
		({ name, type, note, description }) =>
			`<tr><td><code>${escapeHtml(name)}</code></td><td><code>${escapeHtml(type)}</code></td><td class="soft">${escapeHtml(note)}</td><td>${prose(description)}</td></tr>`,
	);
	return `<table><caption>${escapeHtml(caption)}</caption><thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col"></th><th scope="col">Meaning</th></tr></thead><tbody>${lines.join("")}</tbody></table>`;
}

function bodyTable(caption: string, body: OpenapiContent | undefined, media: string): string {
	const schema = body?.content?.[media]?.schema;
	const rows = schema === undefined ? [] : describeFields(schema);
	return table(
		caption,
		rows.map((row) => ({ ...row, note: row.isRequired ? "required" : "" })),
	);
}

function routeId(method: string, path: string): string {
	return `${method}${path.replaceAll(/[^a-zA-Z0-9]+/g, "-")}`;
}

function route(method: string, path: string, operation: OpenapiOperation): string {
	const { summary = "", description = "", parameters = [], requestBody, responses = {} } = operation;
	const answer = responses["200"] ?? responses["202"] ?? responses["201"];
	const given = parameters.map((each) => ({
		name: each.name,
		type: typeOf(each.schema),
		note: `${each.in}${each.required === true ? ", required" : ""}`,
		description: each.description ?? each.schema.description ?? "",
	}));
	const words = escapeHtml(`${method} ${path} ${summary}`.toLowerCase());
	return `<details id="${routeId(method, path)}" data-words="${words}"><summary><span class="method">${method.toUpperCase()}</span> <code>${escapeHtml(path)}</code> <span class="soft">${escapeHtml(summary)}</span></summary><div>${
		description === "" ? "" : `<p>${escapeHtml(description)}</p>`
	}${table("Parameters", given)}${bodyTable("Body", requestBody, "application/json")}${bodyTable("Answer", answer, "application/json")}${bodyTable("Events", answer, "text/event-stream")}</div></details>`;
}

/** Text with names of parameters between backticks. */
function prose(text: string): string {
	return escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}

function hashOf(text: string): string {
	return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** Writes the reference of the API as one page that asks nobody for anything and can be read without JavaScript. */
export function renderReference({ info, tags = [], paths }: OpenapiDocument): ReferencePage {
	const operations = Object.entries(paths).flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
	);
	const sections = tags.map(({ name, description = "" }) => {
		const routes = operations.filter(({ operation }) => operation.tags?.includes(name));
		const shown = routes.map(({ method, path, operation }) => route(method, path, operation)).join("\n");
		return shown === "" ? "" : `<section><h2>${escapeHtml(name)}</h2><p class="soft">${escapeHtml(description)}</p>\n${shown}</section>`;
	});
	const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(info.title)} reference</title><style>${style}</style></head>
<body><header><h1>${escapeHtml(info.title)}</h1><p class="soft">Version ${escapeHtml(info.version)} · <a href="/openapi.json">openapi.json</a></p><p>${escapeHtml(info.description ?? "")}</p>
<p>From other machines a key may be needed: <code>Authorization: Bearer …</code></p>
<p hidden><label>Find a route<input id="filter" type="search" autocomplete="off"></label></p></header>
<main>${sections.join("\n")}</main><script>${script}</script></body></html>
`;
	const contentPolicy = [
		"default-src 'none'",
		`style-src ${hashOf(style)}`,
		`script-src ${hashOf(script)}`,
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
	].join("; ");
	return { html, contentPolicy };
}
