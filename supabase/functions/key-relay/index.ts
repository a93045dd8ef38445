import { readRelayEnvironment } from "./env.ts";
import { serveRelay } from "./serve-relay.ts";

declare const Deno: { serve(handler: (request: Request) => Promise<Response>): void };

Deno.serve(serveRelay(readRelayEnvironment()));
