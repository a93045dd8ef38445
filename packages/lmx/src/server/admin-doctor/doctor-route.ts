import { doctorReportSchema } from "@opta/contracts/schema/doctor";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import { examineLmx, type LmxParts } from "../../doctor/examine-lmx.ts";

/** `GET /admin/doctor`: how LMX is. Those who ask at the same time get one answer, so that models are asked once. */
export function doctorRoute(parts: LmxParts): FastifyPluginCallbackZod {
	let examining: ReturnType<typeof examineLmx> | null = null;
	return (app, _options, done) => {
		app.get(
			"/admin/doctor",
			{
				schema: {
					summary: "Look at models, machine, addresses and keys, and say how to mend what is wrong",
					response: { 200: doctorReportSchema },
				},
			},
			(request) => {
				examining ??= examineLmx(parts, request.id, request.socket.localPort ?? 0).finally(() => {
					examining = null;
				});
				return examining;
			},
		);
		done();
	};
}
