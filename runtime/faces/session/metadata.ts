/** What a run tells of itself when it is asked. */
import type { KernelTime } from '../../engines/engine.ts';

/**
 * Filled by the run that it is handed to: `const metadata = new RunMetadata(); await session.run(loss, feeds, { metadata })`.
 */
export class RunMetadata {
  /** Whether the run had to be compiled first: these fetches, feeds and shapes were new. */
  isCompiled = false;
  /** How long the engine worked on the program, in microseconds, without compiling and copying. */
  microseconds = 0;
  /** Bytes that the program's kernels read and wrote. */
  bytes = 0;
  /** In the order in which they ran; one for the whole program where the engine cannot tell them apart. */
  kernels: readonly KernelTime[] = [];
}
