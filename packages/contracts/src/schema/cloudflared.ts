import { z } from "zod";

/** Answer of `/ready` on cloudflared's metrics port, with 200 or, without any connection, 503. */
export const cloudflaredReadySchema = z.object({ readyConnections: z.int().nonnegative() });

/** Answer of `/quicktunnel` on that port; only a quick tunnel has it. */
export const cloudflaredQuickTunnelSchema = z.object({ hostname: z.string() });
