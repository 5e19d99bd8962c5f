/** Lines on the disk in segments, addressed by offsets that go on through all of them; old segments are removed. */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

const pieceSize = 1 << 16;
const largestSegment = 1 << 24;

interface Segment {
  /** The offset of its first byte; its name, too. */
  readonly start: number;
  size: number;
}

/** What is written is there when the process dies; what `sync` was called after, when the machine does. */
export class Journal {
  private readonly directory: string;
  private readonly segmentSize: number;
  private readonly segments: Segment[];
  private writing: number | undefined;
  private reading: { readonly start: number; readonly descriptor: number } | undefined;
  /** Lines that are not written yet, and how long they are. */
  private lines: string[] = [];
  private unwritten = 0;

  /** Goes on with what lies in the directory; the beginning of a line that a crash cut off is forgotten. */
  constructor(directory: string, bytes: number) {
    this.directory = directory;
    this.segmentSize = Math.max(1, Math.min(largestSegment, Math.floor(bytes / 8)));
    mkdirSync(directory, { recursive: true });
    this.segments = readdirSync(directory)
      .flatMap((name) => /^(\d{16})\.jsonl$/.exec(name)?.[1] ?? [])
      .map((name) => ({ start: Number(name), size: statSync(this.pathOf(Number(name))).size }))
      .sort((a, b) => a.start - b.start);
    const last = this.segments.at(-1);
    if (!last) return;
    const whole = readFileSync(this.pathOf(last.start)).lastIndexOf(10) + 1;
    if (whole < last.size) truncateSync(this.pathOf(last.start), whole);
    last.size = whole;
  }

  /** The offset of the first byte that is still there. */
  get start(): number {
    return this.segments[0]?.start ?? this.committed;
  }

  /** The offset after the last line. */
  get end(): number {
    const last = this.segments.at(-1);
    return (last ? last.start + last.size : this.committed) + this.unwritten;
  }

  /** How many bytes lie on the disk, or will. */
  get bytes(): number {
    return this.segments.reduce((sum, { size }) => sum + size, 0) + this.unwritten;
  }

  /** Up to where readers have no need of it any more. */
  get committed(): number {
    const path = join(this.directory, 'committed');
    return existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
  }

  /** A line without its end. It is written with the next `flush`, `read` or `sync`. */
  append(line: string): void {
    this.lines.push(`${line}\n`);
    this.unwritten += Buffer.byteLength(line) + 1;
  }

  /** Bytes from an offset on, of one segment; none where nothing more was written. */
  read(offset: number): Buffer {
    this.flush();
    const segment = this.segments.findLast(({ start, size }) => start <= offset && offset < start + size);
    if (!segment) return Buffer.alloc(0);
    if (this.reading?.start !== segment.start) {
      if (this.reading) closeSync(this.reading.descriptor);
      this.reading = { start: segment.start, descriptor: openSync(this.pathOf(segment.start), 'r') };
    }
    const at = offset - segment.start;
    const buffer = Buffer.allocUnsafe(Math.min(pieceSize, segment.size - at));
    return buffer.subarray(0, readSync(this.reading.descriptor, buffer, 0, buffer.length, at));
  }

  sync(): void {
    this.flush();
    if (this.writing !== undefined) fdatasyncSync(this.writing);
  }

  /** Remembers that readers have gone past an offset, and removes what lies before it. */
  commit(offset: number): void {
    const path = join(this.directory, 'committed');
    const file = openSync(`${path}.new`, 'w');
    writeFileSync(file, String(offset));
    fsyncSync(file);
    closeSync(file);
    renameSync(`${path}.new`, path);
    for (
      let first = this.segments[0];
      first && first.start + first.size <= offset;
      first = this.segments[0]
    ) {
      // The last one is written to, and says where the journal ends.
      if (this.segments.length === 1) break;
      this.segments.shift();
      rmSync(this.pathOf(first.start), { force: true });
    }
  }

  close(): void {
    this.flush();
    if (this.writing !== undefined) closeSync(this.writing);
    if (this.reading) closeSync(this.reading.descriptor);
    this.writing = this.reading = undefined;
  }

  flush(): void {
    if (this.lines.length === 0) return;
    const bytes = Buffer.from(this.lines.join(''));
    let segment = this.segments.at(-1);
    if (!segment || segment.size >= this.segmentSize) {
      segment = { start: this.end - this.unwritten, size: 0 };
      if (this.writing !== undefined) {
        // What is written behind it must not outlive it.
        fdatasyncSync(this.writing);
        closeSync(this.writing);
      }
      this.writing = undefined;
      this.segments.push(segment);
    }
    this.writing ??= openSync(this.pathOf(segment.start), 'a');
    for (let written = 0; written < bytes.length; ) written += writeSync(this.writing, bytes, written);
    segment.size += bytes.length;
    this.lines = [];
    this.unwritten = 0;
  }

  private pathOf(start: number): string {
    return join(this.directory, `${String(start).padStart(16, '0')}.jsonl`);
  }
}
