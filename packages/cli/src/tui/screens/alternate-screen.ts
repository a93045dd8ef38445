/** Enters the alternate screen (xterm's mode 1049), as Ink does it. */
const enter = "\u001B[?1049h";
const cursorHome = "\u001B[H";

/**
 * The stream with the cursor at the top left whenever the alternate screen is entered: terminals leave it where it was on the
 * other screen, and Ink draws its first frame from there.
 */
export function homeOnAlternateScreen(stdout: NodeJS.WriteStream): NodeJS.WriteStream {
	return new Proxy(stdout, {
		get: (target, name) => {
			const value: unknown = Reflect.get(target, name, target);
			if (name === "write") {
				return (data: string, ...rest: []) => target.write(data === enter ? enter + cursorHome : data, ...rest);
			}
			return typeof value === "function" ? value.bind(target) : value;
		},
	});
}
