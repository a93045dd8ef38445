/** Audience of the access tokens that accounts gives to devices. */
export const deviceTokenAudience = "accounts";

/** `typ` of those tokens, so that a pass is never taken for one (RFC 8725 §3.11). */
export const deviceTokenType = "device+jwt";

/** Life of a device's access token in seconds. */
export const deviceTokenLifetimeSeconds = 300;

/** Path on 127.0.0.1 that the browser is sent to after an approval. */
export const callbackPath = "/callback";

/** Consonants without look-alikes (RFC 8628 §6.1). */
export const userCodeLetters = "BCDFGHJKLMNPQRSTVWXZ";

/** Letters of a user code, without the dash in the middle. */
export const userCodeLength = 8;
