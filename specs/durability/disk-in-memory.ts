/** Puts a disk in memory in the place of this machine's, for runs whose checkpoints and models need no real one. */
import { afterAll, beforeAll } from 'vitest';
import type { FileSystem } from '../../runtime/store/folder/file-system.ts';
import { nodeFileSystem } from '../../runtime/store/folder/node-file-system.ts';
import { ModelDisk } from '../store/model-disk.ts';

export interface DiskInMemory {
  /** The one that is used now. */
  disk: ModelDisk;
}

/** For all tests of a file. */
export function diskInMemory(): DiskInMemory {
  const place: DiskInMemory = { disk: new ModelDisk() };
  const real = { ...nodeFileSystem };
  const inMemory: FileSystem = {
    machine: real.machine,
    stat: (path) => place.disk.stat(path),
    list: (path) => place.disk.list(path),
    makeFolder: (path) => place.disk.makeFolder(path),
    create: (path) => place.disk.create(path),
    open: (path) => place.disk.open(path),
    rename: (from, to) => place.disk.rename(from, to),
    remove: (path) => place.disk.remove(path),
    touch: (path) => place.disk.touch(path),
    syncFolder: (path) => place.disk.syncFolder(path),
    resolve: (path) => place.disk.resolve(path),
  };
  beforeAll(() => void Object.assign(nodeFileSystem, inMemory));
  afterAll(() => void Object.assign(nodeFileSystem, real));
  return place;
}
