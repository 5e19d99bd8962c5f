/** A file that grows and is rotated, and those that it was rotated to: which one rows are read from, and from where. */
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { DAT701 } from '../../../compiler/diagnostics/data.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { topOf } from '../../../compiler/ir/span.ts';

/** Which file, and where in it. A file keeps its beginning under any name, and when it is copied. */
export interface TailPosition {
  readonly inode: number;
  /** Of as many of its first bytes as were read, 1,024 at most. */
  readonly head: number;
  readonly offset: number;
  readonly line: number;
  /** As in `CsvPosition`. */
  readonly skip: number;
}

const headSize = 1024;
const pieceSize = 1 << 16;

/** One of the files, open. It stays the same file when it is given another name. */
export class TailedFile {
  readonly inode: number;
  private readonly descriptor: number;
  /** The first bytes, as far as they were needed. */
  private head: Buffer;
  private offset: number;

  constructor(path: string, offset = 0) {
    this.descriptor = openSync(path, 'r');
    this.inode = fstatSync(this.descriptor).ino;
    this.head = this.bytes(0, headSize);
    this.offset = offset;
  }

  /** What has come since, a piece at a time; nothing where that is all for now. */
  read(): Buffer {
    const piece = this.bytes(this.offset, pieceSize);
    this.offset += piece.length;
    return piece;
  }

  /** The beginning, for what stands there and nowhere else. */
  beginning(): Buffer {
    return this.bytes(0, pieceSize);
  }

  /** Whether somebody emptied it: what it holds now is new. */
  get isTruncated(): boolean {
    return fstatSync(this.descriptor).size < this.offset;
  }

  headAt(offset: number): number {
    const length = Math.min(offset, headSize);
    if (this.head.length < length) this.head = this.bytes(0, headSize);
    return crc32(this.head.subarray(0, length));
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private bytes(from: number, most: number): Buffer {
    const buffer = Buffer.allocUnsafe(most);
    return buffer.subarray(0, readSync(this.descriptor, buffer, 0, most, from));
  }
}

interface Candidate {
  readonly path: string;
  readonly inode: number;
  readonly written: bigint;
}

/** The file and what it was rotated to: `app.log`, `app.log.1`, in the order in which they were last written. */
function candidates(path: string): readonly Candidate[] {
  const folder = dirname(path);
  const name = basename(path);
  return readdirSync(folder)
    .filter((each) => each.startsWith(name) && !/\.(gz|zst|bz2|xz)$/.test(each))
    .flatMap((each): Candidate[] => {
      const file = join(folder, each);
      const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
      return stat?.isFile() ? [{ path: file, inode: Number(stat.ino), written: stat.mtimeNs }] : [];
    })
    .sort((a, b) => {
      // The name itself is written to last, whatever the clock says.
      if (a.path === path || b.path === path) return a.path === path ? 1 : -1;
      return a.written < b.written ? -1 : 1;
    });
}

/** The path under which the file of a position is found now. */
export function foundAgain(path: string, position: TailPosition): string {
  const all = candidates(path);
  const isSame = (candidate: Candidate): boolean => {
    const file = new TailedFile(candidate.path);
    try {
      const isThere = statSync(candidate.path).size >= position.offset;
      return isThere && file.headAt(position.offset) === position.head;
    } finally {
      file.close();
    }
  };
  const [found] = [
    ...all.filter(({ inode }) => inode === position.inode),
    ...all.filter(({ inode }) => inode !== position.inode),
  ].filter(isSame);
  if (found) return found.path;
  return refuse(
    DAT701({
      message: 'the file in which reading is to go on is gone',
      span: topOf(path),
      expected: `${basename(path)}, or a file beside it whose name begins so`,
      received: all.map((each) => basename(each.path)).join(', ') || 'no such file',
      hint: 'keep rotated files, unpacked, until a checkpoint has gone past them; or start the run anew',
    }),
  );
}

/** The file that was begun when this one was left; undefined while there is none. */
export function successor(path: string, inode: number): string | undefined {
  const all = candidates(path);
  const at = all.findIndex((each) => each.inode === inode);
  // A file that is gone was the newest but for the name itself.
  return at < 0 ? all.at(-1)?.path : all[at + 1]?.path;
}
