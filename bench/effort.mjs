/** How long is measured. Peers in other processes read the same setting from the environment. */

/** Milliseconds that a sample takes at least. */
export const sampleMilliseconds = () => Number(process.env.MILLRACE_BENCH_SAMPLE ?? 300);

/** Samples of each contestant. */
export const repeats = () => Number(process.env.MILLRACE_BENCH_REPEATS ?? 9);

/** A contestant that has taken so long has shown enough. */
export const longEnoughMilliseconds = () => 20 * sampleMilliseconds();
