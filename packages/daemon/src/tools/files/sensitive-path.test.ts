import { expect, test } from "vitest";
import { isControlPath, isSecretPath } from "./sensitive-path.ts";

test.each([
	".env",
	"apps/web/.env.production",
	".ENV",
	"deploy/server.key",
	"certs/A.PEM",
	"/home/u/.ssh/config",
	"id_ed25519",
	"a\\.npmrc",
])("%s holds secrets", (shown) => {
	expect(isSecretPath(shown)).toBe(true);
});

test.each([".env.example", "src/env.ts", "keys.md", "src/credentials.ts", "environment"])("%s does not", (shown) => {
	expect(isSecretPath(shown)).toBe(false);
});

test("Git's own files and Opta's project settings are told from the project's text", () => {
	expect(isControlPath(".git/hooks/pre-commit")).toBe(true);
	expect(isControlPath("sub/.GIT/config")).toBe(true);
	expect(isControlPath(".opta/config.json")).toBe(true);
	expect(isControlPath(".gitignore")).toBe(false);
});
