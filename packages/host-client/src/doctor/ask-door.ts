import { clockSkewMs } from "@opta/contracts/clock-skew";
import { broken, type CheckOutcome, fine } from "@opta/contracts/doctor-check";
import { readJsonBody } from "@opta/contracts/read-json-body";
import { type DoctorReport, doctorReportSchema } from "@opta/contracts/schema/doctor";

/** What came back from the public address. */
export interface AskedDoor {
	/** Of the tunnel: whether the way through it leads to a door. */
	readonly tunnel: CheckOutcome;
	/** Of the door: whether it takes the pass and answers; null where it was not reached. */
	readonly door: CheckOutcome | null;
	readonly report: DoctorReport | null;
	/** Its clock against this computer's; null where it did not tell. */
	readonly skewMs: number | null;
}

/** The door's own looks take up to twelve seconds. */
const timeLimitMs = 15_000;
const mostAnswerBytes = 256 * 1024;
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
			"Look at the clock of the host first; if it is right, its owner revokes the host, then claims it again on it: npm run host -- claim --again",
		);
	}
	if (status === 410) {
		return broken("The host was revoked by its owner.", "Claim it again on the host: npm run host -- claim --again");
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
	const startedAtMs = Date.now();
	const leads = fine("The tunnel leads to the door.");
	try {
		const answer = await fetch(new URL("/admin/doctor", doorUrl), {
			headers: { authorization: `Bearer ${pass}`, accept: "application/json" },
			redirect: "manual",
			signal: AbortSignal.timeout(timeLimitMs),
		});
		const skewMs = clockSkewMs(answer.headers.get("date"), Date.now());
		const read = await readJsonBody(answer, mostAnswerBytes);
		const body = read.state === "read" ? read.value : undefined;
		const code = errorCode(body);
		const report = answer.status === 200 ? doctorReportSchema.safeParse(body) : null;
		if (report?.success === true) {
			const door = fine(`The door answers, after ${Date.now() - startedAtMs} ms with all it looked at.`);
			return { tunnel: leads, door, report: report.data, skewMs };
		}
		if (body === undefined || (report === null && code === undefined)) {
			return { tunnel: judgeStranger(answer.status), door: null, report: null, skewMs };
		}
		const unreadable = broken("What the door tells cannot be read.", "Update the host, and restart it.");
		return { tunnel: leads, door: report === null ? judgeDoor(answer.status, code) : unreadable, report: null, skewMs };
	} catch (error) {
		const isLate = error instanceof Error && error.name === "TimeoutError";
		const summary = isLate
			? `The host did not answer within ${timeLimitMs / 1000} s.`
			: "The host closed the connection without an answer.";
		return { tunnel: broken(summary, restart), door: null, report: null, skewMs: null };
	}
}
