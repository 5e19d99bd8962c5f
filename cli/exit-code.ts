/** What the command line answers to the shell. */

/** 0 done · 1 errors in the file, or a run that failed · 2 the command line was wrong · 130 stopped by Ctrl-C. */
export type ExitCode = 0 | 1 | 2 | 130;
