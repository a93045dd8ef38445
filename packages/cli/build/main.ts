import { buildPackage } from "./build-package.ts";

/** `node packages/cli/build/main.ts`: makes `packages/cli/dist/package`, ready for `npm pack`. */
process.stdout.write(`${await buildPackage()}\n`);
