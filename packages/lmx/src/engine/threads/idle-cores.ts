import { cpus } from "node:os";

function times(): { idleMs: number; totalMs: number; count: number } {
	const all = cpus();
	const sum = (pick: (cpu: (typeof all)[number]) => number): number => all.reduce((total, cpu) => total + pick(cpu), 0);
	const totalMs = sum(({ times: { user, nice, sys, idle, irq } }) => user + nice + sys + idle + irq);
	return { idleMs: sum((cpu) => cpu.times.idle), totalMs, count: all.length };
}

/** Makes a meter that tells how many cores of the machine were idle since it was last asked. */
export function createIdleMeter(): () => number {
	let before = times();
	return () => {
		const now = times();
		const passedMs = now.totalMs - before.totalMs;
		const idle = passedMs <= 0 ? 0 : ((now.idleMs - before.idleMs) / passedMs) * now.count;
		before = now;
		return idle;
	};
}
