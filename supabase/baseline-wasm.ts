import { setFlagsFromString } from "node:v8";

// Postgres is one WebAssembly module of 9 MB. V8's optimising compiler would work on it for seconds and take 400 MB while
// it does; baseline code is fast enough for a household. Imported first, before any module is compiled.
setFlagsFromString("--no-wasm-tier-up");
setFlagsFromString("--no-wasm-dynamic-tiering");
