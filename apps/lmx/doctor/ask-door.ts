import { broken, type CheckOutcome, fine } from "@opta/contracts/doctor-check";
import { type DoctorReport, doctorReportSchema } from "@opta/contracts/schema/doctor";
import { Agent, request } from "undici";

/** What came back from the public address. */
export interface AskedDoor {
	/** Of the tunnel: whether the way through it leads to a door. */
	readonly tunnel: CheckOutcome;
	/** Of the door: whether it takes the pass and answers; null where it was not reached. */
	readonly door: CheckOutcome | null;
	readonly report: DoctorReport | null;
	/** Header `Date` of the answer, and the times around it here. */
	readonly date: string | undefined;
	readonly sentAtMs: number;
	readonly receivedAtMs: number;
}

/** The door's own looks take up to twelve seconds. */
const timeLimitMs = 15_000;
const agent = new Agent({ connect: { timeout: 5_000 }, maxResponseSize: 256 * 1024 });
const restart = "Restart the host: npm run host";

/** What the answer of another than a door means, by its status: 530 and 502 are those of Cloudflare's edge and of cloudflared. */
function judgeStranger(status: number): CheckOutcome {
	if (status === 530) {
		return broken("Cloudflare knows the name, but the host's tunnel is not connected.", `Switch the host on. If it is: ${restart}`);
	}
	if (status === 502) {
		return broken("The tunnel is connected, but no door answers behind it.", restart);
	}
	return status >= 300 && status < 400
		? broken("A sign-in of Cloudflare Access stands before the host.", "Let the service token of this site through in Cloudflare Access.")
		: broken(`Something that is no door answers at the host's address, with ${status}.`, `Point the tunnel at the door. ${restart}`);
}

function judgeDoor(status: number, code: unknown): CheckOutcome {
	if (status === 401) {
		return broken(
			"The door refuses the pass.",
			"Look at the clock of the host first; if it is right, claim the host again: npm run host -- claim",
		);
	}
	if (status === 410) {
		return broken("The host was revoked by its owner.", "Claim it again on the host: npm run host -- claim");
	}
	return status === 404
		? broken("The door has no doctor.", "Update the host, and restart it.")
		: broken(
				`The door answered with ${status}${typeof code === "string" ? ` (${code})` : ""}.`,
				`Try again in a moment. If it stays: ${restart}`,
			);
}

/** The code of an error body of this platform; undefined where it is none. */
function errorCode(body: unknown): unknown {
	const error = typeof body === "object" && body !== null && "error" in body ? body.error : undefined;
	return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}

/** Has the door look at itself and everything behind it. Never rejects. */
export async function askDoor(doorUrl: string, pass: string): Promise<AskedDoor> {
	const sentAtMs = Date.now();
	try {
		const answer = await request(new URL("/admin/doctor", doorUrl), {
			dispatcher: agent,
			headers: { authorization: `Bearer ${pass}`, accept: "application/json" },
			signal: AbortSignal.timeout(timeLimitMs),
		});
		const receivedAtMs = Date.now();
		const text = await answer.body.text();
		const { date, "content-type": type } = answer.headers;
		const times = { date: typeof date === "string" ? date : undefined, sentAtMs, receivedAtMs };
		const body: unknown = typeof type === "string" && type.startsWith("application/json") ? parseJson(text) : undefined;
		const report = answer.statusCode === 200 ? doctorReportSchema.safeParse(body) : null;
		if (report?.success === true) {
			const took = receivedAtMs - sentAtMs;
			return {
				...times,
				tunnel: fine("The tunnel leads to the door."),
				door: fine(`The door answers, after ${took} ms with all it looked at.`),
				report: report.data,
			};
		}
		if (body === undefined || (report === null && errorCode(body) === undefined)) {
			return { ...times, tunnel: judgeStranger(answer.statusCode), door: null, report: null };
		}
		const door =
			report === null
				? judgeDoor(answer.statusCode, errorCode(body))
				: broken("What the door tells cannot be read.", "Update the host, and restart it.");
		return { ...times, tunnel: fine("The tunnel leads to the door."), door, report: null };
	} catch (error) {
		const isLate = error instanceof Error && error.name === "TimeoutError";
		const summary = isLate
			? `The host did not answer within ${timeLimitMs / 1000} s.`
			: "The host closed the connection without an answer.";
		return { tunnel: broken(summary, restart), door: null, report: null, date: undefined, sentAtMs, receivedAtMs: Date.now() };
	}
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		if (error instanceof SyntaxError) {
			return undefined;
		}
		throw error;
	}
}
