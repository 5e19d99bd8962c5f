/** Which checkpoints may go: all but the newest, the best, and two that are known to be whole. */
import type { Folder } from '../folder/folder.ts';
import { readOnlyManifest } from '../folder/read-folder.ts';
import { stepOf } from './generation.ts';
import { brokenPart, listCheckpoints } from './read.ts';

/** One alone would be all there is to lose. */
const leastWhole = 2;

export class Retention {
  private readonly folder: Folder;
  private readonly keep: number;
  /** Names of checkpoints that were written or verified here. */
  private readonly whole = new Set<string>();

  constructor(folder: Folder, keep: number) {
    this.folder = folder;
    this.keep = Math.max(keep, leastWhole);
  }

  wrote(name: string): void {
    this.whole.add(name);
  }

  /** The names of manifests that are not needed any more; those of damaged checkpoints among them, once enough newer ones are whole. */
  async retired(): Promise<readonly string[]> {
    const { fs, path } = this.folder;
    const { generations, damaged } = await listCheckpoints(fs, path, false);
    const retired: string[] = [];
    let kept = 0;
    let oldest = 0;
    for (const { name, step, isBest } of generations) {
      if (kept >= this.keep) {
        if (!isBest) retired.push(name);
      } else if (await this.isWhole(name)) {
        kept++;
        oldest = step;
      }
    }
    if (kept >= this.keep)
      retired.push(...damaged.map(({ name }) => name).filter((name) => (stepOf(name) ?? oldest) < oldest));
    for (const name of retired) this.whole.delete(name);
    return retired.map((name) => `${name}.json`);
  }

  private async isWhole(name: string): Promise<boolean> {
    if (this.whole.has(name)) return true;
    const { fs, path } = this.folder;
    const manifest = await readOnlyManifest(fs, path, `${name}.json`);
    if (!manifest || (await brokenPart(fs, path, manifest, true)) !== undefined) return false;
    this.whole.add(name);
    return true;
  }
}
