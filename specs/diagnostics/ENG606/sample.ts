import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setUp } from '../../../cli/tensorflow/set-up.ts';

export default async () => {
  const before = { ...process.env };
  process.env.MILLRACE_TENSORFLOW = join(mkdtempSync(join(tmpdir(), 'bare-')), 'tensorflow');
  process.env.PATH = '/nowhere'; // as on a machine without npm, Python and a compiler
  delete process.env.CXX;
  try {
    await setUp(() => {});
  } finally {
    process.env = before;
  }
};
