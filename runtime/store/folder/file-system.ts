/** What the store asks of a disk, so that specs can put one in its place that loses power. */
import type { Machine } from './machine.ts';

export interface FileSystem {
  /** What is at the path, links followed; undefined where there is nothing. */
  stat(path: string): Promise<Found | undefined>;
  /** The names in a folder, in no order. */
  list(folder: string): Promise<readonly string[]>;
  /** Makes one folder; fails where there is something already. */
  makeFolder(path: string): Promise<void>;
  /** Makes a file; fails where there is something already. */
  create(path: string): Promise<WritableFile>;
  open(path: string): Promise<ReadableFile>;
  /** Atomic: whoever looks sees the old file or the new one. */
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Sets the time of the last change to now. */
  touch(path: string): Promise<void>;
  /** Makes the names in a folder survive a loss of power. */
  syncFolder(path: string): Promise<void>;
  /** The path without links. */
  resolve(path: string): Promise<string>;
  /** The processes that may write to this disk. */
  readonly machine: Machine;
}

export interface Found {
  readonly kind: 'file' | 'folder' | 'other';
  readonly bytes: number;
  /** When it was last changed, in milliseconds by the clock of the disk. */
  readonly modified: number;
}

export interface WritableFile {
  /** Appends all of the bytes. They must not change until it is done. */
  write(bytes: Uint8Array): Promise<void>;
  /** Makes what was written survive a loss of power. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface ReadableFile {
  /** When it was opened. */
  readonly bytes: number;
  /** Reads from a place into all of `bytes`, or as far as the file goes; gives how many were read. */
  read(bytes: Uint8Array, at: number): Promise<number>;
  /** As for one that was written: a file that somebody copied here may not be safe yet. */
  sync(): Promise<void>;
  close(): Promise<void>;
}
