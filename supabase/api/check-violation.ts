import { z } from "zod";

const refusedSchema = z.object({
	code: z.literal("SUP"),
	message: z.string().regex(/^error: new row for relation "[^"]+" violates check constraint "[^"]+"$/),
});

/**
 * The answer of PostgREST (400, code 23514) for a row that a check constraint refused; lite calls it a fault of its own
 * (500, code SUP). Any other answer comes back as null.
 */
export function checkViolation(status: number, body: string): { readonly status: number; readonly body: string } | null {
	if (status !== 500 || !body.includes('"SUP"')) {
		return null;
	}
	const refused = refusedSchema.safeParse(JSON.parse(body));
	if (!refused.success) {
		return null;
	}
	const message = refused.data.message.replace("error: ", "");
	return { status: 400, body: JSON.stringify({ code: "23514", details: null, hint: null, message }) };
}
