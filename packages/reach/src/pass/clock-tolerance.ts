/** Difference of the clocks of who signed and of who verifies that is forgiven. */
export const clockToleranceSeconds = 5;
