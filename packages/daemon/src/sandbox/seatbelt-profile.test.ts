import { expect, test } from "vitest";
import { seatbeltProfile } from "./seatbelt-profile.ts";

const policy = { workspace: "/Users/u/project", tmp: "/private/tmp/opta-1", network: false };

test("the profile lets write to the workspace and to temporary files, and takes back what is protected", () => {
	const profile = seatbeltProfile(policy, {
		hidden: [
			{ path: "/Users/u/.ssh", folder: true },
			{ path: "/Users/u/.netrc", folder: false },
		],
		held: [{ path: "/Users/u/project/.git/hooks", folder: true }],
	});
	expect(profile).toMatchInlineSnapshot(`
		"(version 1)
		(allow default)
		(deny file-write*)
		(allow file-write* (subpath "/Users/u/project") (subpath "/private/tmp/opta-1") (literal "/dev/null") (literal "/dev/zero") (literal "/dev/tty") (literal "/dev/ptmx") (regex #"^/dev/ttys[0-9]+$"))
		(deny file-write* (subpath "/Users/u/project/.git/hooks"))
		(deny file-read* file-write* (subpath "/Users/u/.ssh") (literal "/Users/u/.netrc"))
		(deny mach-lookup (global-name "com.apple.SecurityServer") (global-name "com.apple.securityd") (global-name "com.apple.coreservices.launchservicesd") (global-name "com.apple.lsd.open"))
		(deny appleevent-send)
		(deny job-creation)
		(deny network*)
		"
	`);
});

test("with network there is no rule about it", () => {
	expect(seatbeltProfile({ ...policy, network: true }, { hidden: [], held: [] })).not.toContain("network");
});

test("a folder's name cannot add rules", () => {
	const profile = seatbeltProfile({ ...policy, workspace: '/x") (allow network*) ("\\' }, { hidden: [], held: [] });
	expect(profile).toContain('(subpath "/x\\") (allow network*) (\\"\\\\")');
});
