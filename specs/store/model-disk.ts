/**
 * A disk in memory that loses power: it keeps apart what was written and what would survive. Of a file, what was synced
 * survives, and of what was written since any sectors; of a folder, the names at its last sync, and of the changes since any
 * subset, in order. That is the least that POSIX promises, and what ALICE (OSDI 2014) explores.
 */
import { dirname, join } from 'node:path';
import type { FileSystem, Found } from '../../runtime/store/folder/file-system.ts';
import type { Machine } from '../../runtime/store/folder/machine.ts';
import type { Chance } from './chance.ts';

const sector = 512;

/** A file: what readers see now, and what is safe. */
interface Inode {
  now: Uint8Array;
  safe: Uint8Array;
  modified: number;
}

type Entry = Inode | Folder;

/** Removes names and adds some, as one. */
interface NameChange {
  readonly removed: readonly string[];
  readonly added: ReadonlyMap<string, Entry>;
}

interface Folder {
  readonly names: Map<string, Entry>;
  safe: Map<string, Entry>;
  changes: NameChange[];
}

const isFolder = (entry: Entry | undefined): entry is Folder => entry !== undefined && 'names' in entry;
const newFolder = (): Folder => ({ names: new Map(), safe: new Map(), changes: [] });

export class ModelDisk implements FileSystem {
  private root: Folder = newFolder();
  /** Counts starts of the machine, or of the process. */
  private readonly life: number;
  /** Called after each change, with what was done. */
  onChange: (what: string) => void = () => {};
  /** Called before each call; what it throws, the call is refused with. */
  onCall: (call: string, path: string) => void = () => {};
  /** Files and folders that are open. */
  opened = 0;

  constructor(life = 0) {
    this.life = life;
  }

  /** What may lie on the disk when the machine starts again; chance decides what survives. */
  crashed(chance: Chance): ModelDisk {
    const disk = new ModelDisk(this.life + 1);
    const copies = new Map<Entry, Entry>();
    const survivor = (entry: Entry): Entry => {
      let copy = copies.get(entry);
      if (!copy) {
        copy = isFolder(entry) ? newFolder() : fileAfter(entry, chance);
        copies.set(entry, copy);
        if (isFolder(entry) && isFolder(copy)) namesAfter(entry, copy, chance, survivor);
      }
      return copy;
    };
    const root = survivor(this.root);
    if (isFolder(root)) disk.root = root;
    return disk;
  }

  /** The same disk after the process was killed: nothing is lost, and what was not safe is not. */
  killed(): ModelDisk {
    const disk = new ModelDisk(this.life + 1);
    const copies = new Map<Entry, Entry>();
    const copyOf = (entry: Entry): Entry => {
      const known = copies.get(entry);
      if (known) return known;
      if (!isFolder(entry)) {
        const file = { ...entry };
        copies.set(entry, file);
        return file;
      }
      const copy = newFolder();
      copies.set(entry, copy);
      const copied = (names: ReadonlyMap<string, Entry>): Map<string, Entry> =>
        new Map([...names].map(([name, each]) => [name, copyOf(each)]));
      for (const [name, each] of copied(entry.names)) copy.names.set(name, each);
      copy.safe = copied(entry.safe);
      copy.changes = entry.changes.map(({ removed, added }) => ({ removed, added: copied(added) }));
      return copy;
    };
    const root = copyOf(this.root);
    if (isFolder(root)) disk.root = root;
    return disk;
  }

  /** How many changes of names and unsafe files there are: how many ways there are to lose power. */
  get unsafe(): number {
    const count = (entry: Entry): number =>
      isFolder(entry)
        ? entry.changes.length + [...entry.names.values()].reduce((sum, each) => sum + count(each), 0)
        : Number(entry.now !== entry.safe);
    return count(this.root);
  }

  readonly machine: Machine = {
    self: async () => ({
      pid: 1,
      start: '1',
      host: '0'.repeat(8),
      boot: lifeName(this.life),
      space: '0'.repeat(8),
    }),
    lifeOf: async ({ boot }) => (boot === lifeName(this.life) ? 'alive' : 'dead'),
  };

  async stat(path: string): Promise<Found | undefined> {
    this.onCall('stat', path);
    const entry = this.at(path);
    if (!entry) return undefined;
    if (isFolder(entry)) return { kind: 'folder', bytes: 0, modified: 0 };
    return { kind: 'file', bytes: entry.now.length, modified: entry.modified };
  }

  async list(folder: string): Promise<readonly string[]> {
    this.onCall('list', folder);
    return [...this.folderAt(folder).names.keys()];
  }

  async makeFolder(path: string): Promise<void> {
    this.onCall('mkdir', path);
    if (this.at(path)) throw failure('EEXIST', path);
    this.change(
      dirname(path),
      { removed: [], added: new Map([[nameOf(path), newFolder()]]) },
      `mkdir ${path}`,
    );
  }

  async create(path: string): ReturnType<FileSystem['create']> {
    this.onCall('create', path);
    if (this.at(path)) throw failure('EEXIST', path);
    const empty = new Uint8Array(0);
    const inode: Inode = { now: empty, safe: empty, modified: Date.now() };
    this.change(dirname(path), { removed: [], added: new Map([[nameOf(path), inode]]) }, `create ${path}`);
    this.opened++;
    return {
      write: async (bytes) => {
        this.onCall('write', path);
        const longer = new Uint8Array(inode.now.length + bytes.length);
        longer.set(inode.now);
        longer.set(bytes, inode.now.length);
        inode.now = longer;
        this.onChange(`write ${path}`);
      },
      sync: async () => {
        this.onCall('fsync', path);
        inode.safe = inode.now;
        this.onChange(`fsync ${path}`);
      },
      close: async () => {
        this.opened--;
        this.onCall('close', path);
      },
    };
  }

  async open(path: string): ReturnType<FileSystem['open']> {
    this.onCall('open', path);
    const inode = this.at(path);
    if (!inode) throw failure('ENOENT', path);
    if (isFolder(inode)) throw failure('EISDIR', path);
    this.opened++;
    return {
      bytes: inode.now.length,
      read: async (bytes, at) => {
        this.onCall('read', path);
        const part = inode.now.subarray(at, at + bytes.length);
        bytes.set(part);
        return part.length;
      },
      sync: async () => {
        this.onCall('fsync', path);
        inode.safe = inode.now;
        this.onChange(`fsync ${path}`);
      },
      close: async () => {
        this.opened--;
        this.onCall('close', path);
      },
    };
  }

  async rename(from: string, to: string): Promise<void> {
    this.onCall('rename', to);
    const entry = this.at(from);
    if (!entry) throw failure('ENOENT', from);
    if (dirname(from) !== dirname(to)) throw new Error('internal: renamed to another folder');
    const change = { removed: [nameOf(from)], added: new Map([[nameOf(to), entry]]) };
    this.change(dirname(to), change, `rename ${from} ${to}`);
  }

  async remove(path: string): Promise<void> {
    this.onCall('unlink', path);
    if (!this.at(path)) throw failure('ENOENT', path);
    this.change(dirname(path), { removed: [nameOf(path)], added: new Map() }, `unlink ${path}`);
  }

  async touch(path: string): Promise<void> {
    this.onCall('touch', path);
    const entry = this.at(path);
    if (!entry || isFolder(entry)) throw failure('ENOENT', path);
    entry.modified = Date.now();
  }

  async syncFolder(path: string): Promise<void> {
    this.onCall('fsync', path);
    const folder = this.folderAt(path);
    folder.safe = new Map(folder.names);
    folder.changes = [];
    this.onChange(`fsync ${path}`);
  }

  async resolve(path: string): Promise<string> {
    return path;
  }

  private change(folder: string, change: NameChange, what: string): void {
    const { names, changes } = this.folderAt(folder);
    apply(change, names);
    changes.push(change);
    this.onChange(what);
  }

  private folderAt(path: string): Folder {
    const entry = this.at(path);
    if (!entry) throw failure('ENOENT', path);
    if (!isFolder(entry)) throw failure('ENOTDIR', path);
    return entry;
  }

  private at(path: string): Entry | undefined {
    let entry: Entry | undefined = this.root;
    for (const name of join('/', path).split('/').filter(Boolean)) {
      if (!isFolder(entry)) return undefined;
      entry = entry.names.get(name);
    }
    return entry;
  }
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const lifeName = (life: number): string => life.toString(16).padStart(8, '0');

function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

function apply({ removed, added }: NameChange, names: Map<string, Entry>): void {
  for (const name of removed) names.delete(name);
  for (const [name, entry] of added) names.set(name, entry);
}

function namesAfter(
  { safe, changes }: Folder,
  copy: Folder,
  chance: Chance,
  survivor: (entry: Entry) => Entry,
): void {
  const names = new Map(safe);
  // All, none, all up to a moment, or each by itself: the last makes every subset possible, the others make the usual ones likely.
  const way = chance(4);
  const until = chance(changes.length + 1);
  changes.forEach((change, i) => {
    const survives = way === 0 || (way === 1 ? false : way === 2 ? i < until : chance(2) === 1);
    if (survives) apply(change, names);
  });
  for (const [name, entry] of names) copy.names.set(name, survivor(entry));
  copy.safe = new Map(copy.names);
}

/** The sectors since the last sync are there or not, each by itself, and the file is as long as it ever was. */
function fileAfter({ now, safe, modified }: Inode, chance: Chance): Inode {
  if (now === safe) return { now, safe: now, modified };
  const way = chance(4);
  const length =
    way === 0 ? now.length : way === 1 ? safe.length : safe.length + chance(now.length - safe.length + 1);
  const bytes = new Uint8Array(length);
  bytes.set(safe.subarray(0, length));
  for (let at = 0; at < length; at += sector) {
    if (way !== 0 && chance(2) === 0) continue;
    const end = Math.min(at + sector, length);
    bytes.set(now.subarray(at, end), at);
  }
  return { now: bytes, safe: bytes, modified };
}
