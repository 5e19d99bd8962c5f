/** The disk of this machine. */
import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readdir, realpath, rename, stat, unlink, utimes } from 'node:fs/promises';
import type { FileSystem, Found, ReadableFile, WritableFile } from './file-system.ts';
import { thisMachine } from './machine.ts';
import { isMissing } from './system-error.ts';

export const nodeFileSystem: FileSystem = {
  machine: thisMachine,

  async stat(path) {
    try {
      return foundIn(await stat(path));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },

  list: (folder) => readdir(folder),
  makeFolder: (path) => mkdir(path),
  create: async (path) => writable(await open(path, 'wx')),
  open: async (path) => readable(await open(path, 'r')),
  rename: (from, to) => rename(from, to),
  remove: (path) => unlink(path),

  touch: (path) => {
    const now = new Date();
    return utimes(path, now, now);
  },

  async syncFolder(path) {
    // Windows does not open folders, and renames there are durable without it.
    if (process.platform === 'win32') return;
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },

  resolve: (path) => realpath(path),
};

function foundIn(stats: Stats): Found {
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
  return { kind, bytes: stats.size, modified: stats.mtimeMs };
}

function writable(file: FileHandle): WritableFile {
  return {
    async write(bytes) {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await file.write(bytes, done, bytes.length - done);
        if (bytesWritten === 0) throw new Error('internal: a disk took no byte and said nothing');
        done += bytesWritten;
      }
    },
    sync: () => file.sync(),
    close: () => file.close(),
  };
}

async function readable(file: FileHandle): Promise<ReadableFile> {
  const { size } = await file.stat();
  return {
    bytes: size,
    async read(bytes, at) {
      let done = 0;
      while (done < bytes.length) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, at + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return done;
    },
    sync: () => file.sync(),
    close: () => file.close(),
  };
}
