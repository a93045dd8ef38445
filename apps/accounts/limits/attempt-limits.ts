/** A window that slides: at most so many attempts in so many seconds. */
export interface AttemptWindow {
	readonly most: number;
	readonly seconds: number;
}

/** The windows of one kind of attempt: for the account or code that it is about, and for the address that it comes from. */
export interface AttemptLimit {
	readonly subject: readonly AttemptWindow[];
	readonly address: readonly AttemptWindow[];
}

const minute = 60;
const hour = 3600;
const day = 86_400;

/** Limits of everything that can be guessed or that sends mail; there is no lock beyond the window (ASVS 5.0, 6.1.1). */
export const attemptLimits = {
	password: {
		subject: [
			{ most: 5, seconds: minute },
			{ most: 30, seconds: hour },
		],
		address: [{ most: 60, seconds: hour }],
	},
	signUp: { subject: [{ most: 3, seconds: hour }], address: [{ most: 5, seconds: hour }] },
	signInMail: {
		subject: [
			{ most: 1, seconds: minute },
			{ most: 5, seconds: hour },
		],
		address: [{ most: 20, seconds: hour }],
	},
	confirmationMail: {
		subject: [
			{ most: 1, seconds: minute },
			{ most: 5, seconds: hour },
		],
		address: [{ most: 20, seconds: hour }],
	},
	recoveryMail: { subject: [{ most: 3, seconds: day }], address: [{ most: 20, seconds: hour }] },
	mailCode: { subject: [{ most: 5, seconds: 10 * minute }], address: [{ most: 30, seconds: hour }] },
	secondFactor: {
		subject: [
			{ most: 5, seconds: 5 * minute },
			{ most: 20, seconds: hour },
		],
		address: [{ most: 60, seconds: hour }],
	},
	deviceToken: { subject: [{ most: 20, seconds: minute }], address: [{ most: 60, seconds: minute }] },
	deviceCode: { subject: [], address: [{ most: 10, seconds: hour }] },
	/** Invitations that an owner makes: each can send a mail. */
	hostInvite: {
		subject: [
			{ most: 20, seconds: hour },
			{ most: 60, seconds: day },
		],
		address: [{ most: 60, seconds: hour }],
	},
	/** Secrets of invitation links that somebody tries. */
	inviteLink: { subject: [{ most: 20, seconds: 10 * minute }], address: [{ most: 60, seconds: hour }] },
	hostClaim: { subject: [], address: [{ most: 10, seconds: hour }] },
	userCode: { subject: [{ most: 10, seconds: 10 * minute }], address: [{ most: 20, seconds: hour }] },
} as const satisfies Record<string, AttemptLimit>;

/** Kind of an attempt. */
export type AttemptKind = keyof typeof attemptLimits;
