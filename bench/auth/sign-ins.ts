import { signIn } from "../../apps/accounts/forms/sign-in.ts";
import type { AccountsBench } from "../../apps/accounts/testing/accounts-bench.ts";
import { newPerson, sendForm } from "./person.ts";

const people = 8;
const signInsEach = 5;
const password = "correct horse battery";

/** Measures sign-ins with a password by several people at once, through the portal's limits, each a session of its own. */
export async function measureSignIns(bench: AccountsBench): Promise<{ readonly perSecond: number; readonly count: number }> {
	const emails = Array.from({ length: people }, (_, index) => `bench${index}@example.org`);
	for (const email of emails) {
		await newPerson(bench, email, password);
	}
	const startedAtMs = performance.now();
	await Promise.all(
		emails.map(async (email) => {
			for (let turn = 0; turn < signInsEach; turn++) {
				if ((await sendForm(bench, signIn, { email, password })) === "") {
					throw new Error(`${email} was not signed in at turn ${turn}.`);
				}
			}
		}),
	);
	const count = people * signInsEach;
	return { count, perSecond: count / ((performance.now() - startedAtMs) / 1000) };
}
