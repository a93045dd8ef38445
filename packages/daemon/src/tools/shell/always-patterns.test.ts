import { expect, test } from "vitest";
import { alwaysPatterns } from "./always-patterns.ts";

test.each([
	["npm test -- --run x", ["npm test", "npm test *"]],
	["npm run build --if-present", ["npm run build", "npm run build *"]],
	["git diff HEAD", ["git diff", "git diff *"]],
	["ls -la", ["ls", "ls *"]],
	["rm -rf dist", ["rm -rf dist"]],
	["git push --force", ["git push --force"]],
	["npx cowsay", ["npx cowsay"]],
	["npm --prefix /x test", ["npm --prefix /x test"]],
	["node x.js", ["node x.js"]],
	["rm *.o", []],
])("for %s it proposes %j", (command, patterns) => {
	expect(alwaysPatterns(command)).toEqual(patterns);
});
