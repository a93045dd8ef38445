import { createHash, randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { readKeyProof } from "@opta/auth/device-credential/key-proof";
import type { ErrorCode } from "@opta/contracts/error-codes";
import { errorStatus } from "@opta/contracts/error-codes";
import { passRevocationsPath } from "@opta/contracts/pass";
import { hostClaimPath, hostClaimTokenPath } from "@opta/contracts/reach";
import { type HostPublicKey, hostClaimRequestSchema, hostClaimTokenRequestSchema } from "@opta/contracts/schema/host-claim";
import { createPassMaker } from "./pass-maker.ts";

/** What accounts says to the next question about a claim: a code, "claimed", or the connection is cut. */
export type NextAnswer = ErrorCode | "claimed" | "cut";

/** Stands for accounts towards one host that wants to be claimed, on a real port, by the contract. */
export interface FakeAccounts {
	readonly origin: string;
	/** Answers to come, in order; the last one stays. */
	readonly answers: NextAnswer[];
	/** What claims it was asked for. */
	readonly asked: { readonly name: string; readonly version: string; readonly key: HostPublicKey; readonly claimCode: string }[];
	/** Times of the questions about them, in milliseconds that only go forward. */
	readonly questionTimesMs: number[];
	/** What it says to a host that asks as itself. */
	standing: "good" | ErrorCode;
	expiresInMs: number;
	/** What it calls itself to a host that was claimed; null for what it is. */
	issuer: string | null;
	readonly close: () => void;
}

/** Starts one. */
export async function startFakeAccounts(): Promise<FakeAccounts> {
	const { publicJwk } = await createPassMaker();
	const server = createServer(async (request, response) => {
		const send = (status: number, body: unknown): void => {
			response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
		};
		const refuse = (code: ErrorCode): void =>
			send(errorStatus[code], { error: { code, message: `Accounts says ${code}.`, type: "invalid_request_error" } });
		const provenKey = (secret: string): Promise<string | null> =>
			readKeyProof(proofOf(request), { method: "POST", url: `${fake.origin}${request.url}`, secret });

		if (request.headers.host !== new URL(fake.origin).host) {
			refuse("not_found");
		} else if (request.url === passRevocationsPath) {
			fake.standing === "good" ? send(200, { revocations: [] }) : refuse(fake.standing);
		} else if (request.url === hostClaimPath) {
			const body = hostClaimRequestSchema.parse(await json(request));
			if ((await provenKey("")) === null) {
				refuse("unauthenticated");
				return;
			}
			const claimCode = randomBytes(32).toString("base64url");
			fake.asked.push({ ...body, claimCode });
			const verificationUrl = `${fake.origin}/claim`;
			const verificationUrlComplete = `${verificationUrl}?code=BCDF-GHJK`;
			const { expiresInMs } = fake;
			send(200, { claimCode, userCode: "BCDF-GHJK", verificationUrl, verificationUrlComplete, expiresInMs, intervalMs: 20 });
		} else if (request.url === hostClaimTokenPath) {
			fake.questionTimesMs.push(performance.now());
			const { claimCode } = hostClaimTokenRequestSchema.parse(await json(request));
			if ((await provenKey(claimCode)) === null) {
				refuse("unauthenticated");
				return;
			}
			const answer = fake.answers.length > 1 ? fake.answers.shift() : fake.answers[0];
			if (answer === "cut" || answer === undefined) {
				request.socket.destroy();
			} else if (answer === "claimed") {
				const name = fake.asked[0]?.name ?? "";
				send(200, { hostId: randomUUID(), name, issuer: fake.issuer ?? fake.origin, jwks: { keys: [publicJwk] }, ownerName: "Ada" });
			} else {
				refuse(answer);
			}
		} else {
			refuse("not_found");
		}
	}).listen(0, "127.0.0.1");
	await once(server, "listening");
	const fake: FakeAccounts = {
		origin: `http://accounts.optalocal.localhost:${(server.address() as AddressInfo).port}`,
		answers: ["claimed"],
		asked: [],
		questionTimesMs: [],
		standing: "good",
		expiresInMs: 30_000,
		issuer: null,
		close: () => {
			server.closeAllConnections();
			server.close();
		},
	};
	return fake;
}

function proofOf(request: IncomingMessage): string | null {
	const { dpop } = request.headers;
	return typeof dpop === "string" ? dpop : null;
}

/** S256 (RFC 7636 §4.2). */
export function challengeOf(code: string): string {
	return createHash("sha256").update(code).digest("base64url");
}
