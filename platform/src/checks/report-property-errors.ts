import fc from "fast-check";

// The report of a run keeps an error's own words and drops its cause, in which a failed property says what failed.
fc.configureGlobal({ includeErrorInReport: true });
