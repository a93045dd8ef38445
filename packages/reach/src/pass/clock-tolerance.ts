/** Difference of the clocks of accounts and of who verifies that is forgiven. */
export const clockToleranceSeconds = 5;
