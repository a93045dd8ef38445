/** How a server is found. */
export type ServerSource =
	/** A program on PATH or in the project's `node_modules/.bin`. */
	| { readonly kind: "program"; readonly name: string; readonly args: readonly string[] }
	/** TypeScript 7 or newer of the project, which is a language server itself. */
	| { readonly kind: "typescript" };

/** A language and the servers that know it, the best first. */
export interface Language {
	readonly id: string;
	/** Language ids of the protocol by the ends of files' names. */
	readonly endings: Readonly<Record<string, string>>;
	readonly sources: readonly ServerSource[];
	/** What a person installs where there is none. */
	readonly install: string;
}

const program = (name: string, ...args: string[]): ServerSource => ({ kind: "program", name, args });

/** The languages that are known. */
export const languages: readonly Language[] = [
	{
		id: "typescript",
		endings: {
			".ts": "typescript",
			".mts": "typescript",
			".cts": "typescript",
			".tsx": "typescriptreact",
			".js": "javascript",
			".mjs": "javascript",
			".cjs": "javascript",
			".jsx": "javascriptreact",
		},
		sources: [{ kind: "typescript" }, program("typescript-language-server", "--stdio")],
		install: "TypeScript 7 or newer in the project (npm install -D typescript), or typescript-language-server",
	},
	{
		id: "python",
		endings: { ".py": "python", ".pyi": "python" },
		sources: [program("pyright-langserver", "--stdio"), program("basedpyright-langserver", "--stdio"), program("pylsp")],
		install: "pyright (npm install -g pyright, or pip install pyright)",
	},
	{ id: "go", endings: { ".go": "go" }, sources: [program("gopls")], install: "gopls (go install golang.org/x/tools/gopls@latest)" },
	{
		id: "rust",
		endings: { ".rs": "rust" },
		sources: [program("rust-analyzer")],
		install: "rust-analyzer (rustup component add rust-analyzer)",
	},
	{
		id: "c",
		endings: { ".c": "c", ".h": "c", ".cc": "cpp", ".cpp": "cpp", ".cxx": "cpp", ".hpp": "cpp", ".hh": "cpp" },
		sources: [program("clangd")],
		install: "clangd (part of LLVM)",
	},
	{
		id: "shell",
		endings: { ".sh": "shellscript", ".bash": "shellscript" },
		sources: [program("bash-language-server", "start")],
		install: "bash-language-server",
	},
	{ id: "lua", endings: { ".lua": "lua" }, sources: [program("lua-language-server")], install: "lua-language-server" },
	{ id: "zig", endings: { ".zig": "zig" }, sources: [program("zls")], install: "zls" },
];

/** The language of a file by the end of its name; undefined where none is known. */
export function languageOf(file: string): Language | undefined {
	return languages.find((language) => Object.keys(language.endings).some((ending) => file.endsWith(ending)));
}

/** The id that the protocol has for a file's language. */
export function protocolLanguageId(language: Language, file: string): string {
	const ending = Object.keys(language.endings).find((one) => file.endsWith(one));
	return (ending === undefined ? undefined : language.endings[ending]) ?? language.id;
}
