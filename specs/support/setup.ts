/** Before each spec file: fast-check draws from the fixed seed, and asks for as many runs as the effort says. */
import fc from 'fast-check';
import { runs, seed } from './effort.ts';
import { mapFewerCalls } from './map-fewer-calls.ts';

fc.configureGlobal({ seed, numRuns: runs(100) });
mapFewerCalls();
