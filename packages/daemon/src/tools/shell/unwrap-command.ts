import type { Word } from "./read-word.ts";

/** What a command runs besides itself. */
export interface Unwrapped {
	/** True where the command itself is to be allowed too, not only what it runs. */
	readonly itself: boolean;
	/** Commands that it runs, by their words. */
	readonly commands: readonly (readonly Word[])[];
	/** Texts that it hands to a shell. */
	readonly scripts: readonly string[];
	/** False where it runs something that is not known. */
	readonly clear: boolean;
}

const plain: Unwrapped = { itself: true, commands: [], scripts: [], clear: true };
const unclear: Unwrapped = { itself: true, commands: [], scripts: [], clear: false };

/** Wrappers: options that take the next word, how many words stand before the command, and whether they change rights. */
interface Wrapper {
	readonly withValue: readonly string[];
	readonly before: number;
	readonly itself: boolean;
}

const wrappers: Readonly<Record<string, Wrapper>> = {
	sudo: { withValue: ["-u", "-g", "-h", "-p", "-C", "-D", "-R", "-T", "-U", "-r", "-t"], before: 0, itself: true },
	doas: { withValue: ["-u", "-C"], before: 0, itself: true },
	timeout: { withValue: ["-k", "-s", "--kill-after", "--signal"], before: 1, itself: false },
	nice: { withValue: ["-n", "--adjustment"], before: 0, itself: false },
	ionice: { withValue: ["-c", "-n", "--class", "--classdata"], before: 0, itself: false },
	nohup: { withValue: [], before: 0, itself: false },
	setsid: { withValue: [], before: 0, itself: false },
	stdbuf: { withValue: ["-i", "-o", "-e", "--input", "--output", "--error"], before: 0, itself: false },
	time: { withValue: ["-f", "-o", "--format", "--output"], before: 0, itself: false },
	command: { withValue: [], before: 0, itself: false },
	builtin: { withValue: [], before: 0, itself: false },
	exec: { withValue: ["-a"], before: 0, itself: false },
	env: { withValue: ["-u", "-C", "--unset", "--chdir"], before: 0, itself: true },
	xargs: {
		withValue: [
			"-a",
			"-d",
			"-E",
			"-I",
			"-L",
			"-n",
			"-P",
			"-s",
			"--arg-file",
			"--delimiter",
			"--max-args",
			"--max-lines",
			"--max-procs",
			"--max-chars",
		],
		before: 0,
		itself: true,
	},
};

const shells = new Set(["sh", "bash", "dash", "zsh", "ksh"]);

/** Programs that run others in ways that are not followed here. */
const opaque = new Set([
	"parallel",
	"watch",
	"script",
	"flock",
	"chroot",
	"strace",
	"ltrace",
	"su",
	"runuser",
	"unshare",
	"nsenter",
	"systemd-run",
	"busybox",
	"coproc",
]);

/** Where the command of a wrapper begins; null where its options are not all known. */
function commandStart(words: readonly Word[], wrapper: Wrapper, assignments: boolean): number | null {
	let index = 1;
	for (let before = wrapper.before; ; index++) {
		const word = words[index];
		if (word === undefined) {
			return index;
		}
		if (word.text.startsWith("-") && word.text !== "-") {
			if (!word.fixed) {
				return null;
			}
			if (word.text === "--") {
				index++;
				return index + before;
			}
			index += wrapper.withValue.includes(word.text) ? 1 : 0;
		} else if (assignments && /^[A-Za-z_]\w*=/.test(word.text)) {
			// `env NAME=value`: part of what env itself is asked for.
		} else if (before > 0) {
			before--;
		} else {
			return index;
		}
	}
}

function unwrapShell(words: readonly Word[]): Unwrapped {
	for (let index = 1; index < words.length; index++) {
		const word = words[index];
		if (word === undefined || !word.fixed) {
			return unclear;
		}
		if (/^[-+]\w*c\w*$/.test(word.text)) {
			const script = words.slice(index + 1).find((next) => !/^[-+]/.test(next.text));
			return script?.fixed === true ? { itself: false, commands: [], scripts: [script.text], clear: true } : unclear;
		}
		if (
			word.text === "-o" ||
			word.text === "-O" ||
			word.text === "+o" ||
			word.text === "+O" ||
			word.text === "--rcfile" ||
			word.text === "--init-file"
		) {
			index++;
		} else if (!/^[-+]/.test(word.text)) {
			return plain;
		}
	}
	// A shell that reads commands from its input.
	return unclear;
}

function unwrapFind(words: readonly Word[]): Unwrapped {
	const commands: Word[][] = [];
	for (let index = 1; index < words.length; index++) {
		if (/^-(exec|execdir|ok|okdir)$/.test(words[index]?.text ?? "")) {
			const rest = words.slice(index + 1);
			const end = rest.findIndex((word) => word.text === ";" || word.text === "+");
			if (end <= 0) {
				return unclear;
			}
			commands.push(rest.slice(0, end));
			index += end + 1;
		}
	}
	return { ...plain, commands, clear: words.every((word) => word.fixed || !word.text.includes("$")) };
}

/** What a command runs: those behind `sudo`, `timeout`, `env`, `xargs`, `find -exec`, and the text behind `sh -c` and `eval`. */
export function unwrapCommand(words: readonly Word[]): Unwrapped {
	const name = (words[0]?.text ?? "").split("/").at(-1) ?? "";
	if (shells.has(name)) {
		return unwrapShell(words);
	}
	if (name === "find") {
		return unwrapFind(words);
	}
	if (name === "eval" || name === "trap") {
		const taken = name === "eval" ? words.slice(1) : words.slice(1, 2);
		const known = taken.every((word) => word.fixed);
		return known ? { itself: name === "trap", commands: [], scripts: [taken.map((word) => word.text).join(" ")], clear: true } : unclear;
	}
	if (opaque.has(name)) {
		return unclear;
	}
	const wrapper = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
	if (wrapper === undefined) {
		return plain;
	}
	const splits = words.some((word) => /^(-\w*S|--split-string)/.test(word.text));
	const start = commandStart(words, wrapper, name === "env" || name === "sudo");
	if (start === null || (name === "env" && splits)) {
		return unclear;
	}
	const inner = words.slice(start);
	if (inner.length === 0) {
		return plain;
	}
	// xargs adds words that nobody knows yet.
	const commands = [name === "xargs" ? [...inner, { text: "{}", fixed: true }] : inner];
	const onlyInner = name === "env" && start === 1;
	return { itself: wrapper.itself && !onlyInner, commands, scripts: [], clear: true };
}
