/** Exit codes of the daemon's process. */
export const daemonExit = { stopped: 0, failed: 1, usage: 2, alreadyRunning: 3 } as const;
