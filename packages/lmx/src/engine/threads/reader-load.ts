/**
 * The load of somebody who reads a streamed answer: HTTP, a browser that draws. Measuring thread counts on an
 * idle machine picks too many threads; every one that waits for its core then holds up all others.
 */

const busyMs = 2;
const idleMs = 4;

function work(): void {
	const end = performance.now() + busyMs;
	while (performance.now() < end) {
		Math.sqrt(end);
	}
	setTimeout(work, idleMs);
}

work();
