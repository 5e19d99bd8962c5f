/** Fetches a package from the npm registry as it is published; none of its scripts are run. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { refuseSetup } from './refuse-setup.ts';
import { lastLines, runTool } from './run-tool.ts';

/** npm as a program: on Windows it is a script of the shell's. */
export const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** The folder of the unpacked package. */
export async function fetchPackage(spec: string, scratch: string, name: string): Promise<string> {
  const folder = join(scratch, name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const packed = await runTool(npm, ['pack', spec, '--pack-destination', folder, '--silent'], { folder });
  const archive = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (packed.status !== 0 || archive === undefined) {
    return refuseSetup(
      `${spec} could not be fetched`,
      'npm and a registry that it reaches',
      lastLines(packed),
      `try: npm pack ${spec}`,
    );
  }
  const unpacked = await runTool('tar', ['xzf', archive], { folder });
  if (unpacked.status !== 0)
    return refuseSetup(
      'an archive could not be unpacked',
      'the tool tar',
      lastLines(unpacked),
      'install tar',
    );
  return join(folder, 'package');
}
