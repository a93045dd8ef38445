/** Packages with native code, WebAssembly files or programs of their own: the published package depends on them, all else is bundled. */
export const nativePackages = [
	"@lydell/node-pty",
	"@napi-rs/keyring",
	"@vscode/ripgrep",
	"playwright-core",
	"tree-sitter-bash",
	"web-tree-sitter",
] as const;

/** Optional parts of bundled packages that are not installed, and that those packages do without. */
export const absentPackages = ["bufferutil", "utf-8-validate", "canvas", "react-devtools-core"] as const;
