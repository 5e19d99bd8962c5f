#!/usr/bin/env node
/** The command line as a process of its own, which is over when its command is. */
import { commandLine } from './command-line.ts';
import { quietOnClosedPipe } from './interruptible.ts';

quietOnClosedPipe();
const exitCode = await commandLine(process.argv.slice(2));
// What the user's module holds open, such as a timer, must not keep a finished command alive.
process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
