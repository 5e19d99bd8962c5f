/** `npm run setup:servers`: installs the servers that `npm run test:long` starts, from the packages of Debian. */
import { spawnSync } from 'node:child_process';

const packages = ['nats-server', 'redis-server', 'mosquitto', 'rabbitmq-server'];

const { status, error, stderr } = spawnSync(
  'apt-get',
  ['install', '-y', '-q', '--no-install-recommends', ...packages],
  {
    encoding: 'utf8',
    stdio: ['ignore', 'inherit', 'pipe'],
    // Nobody wants them to run beside those that the specs start.
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  },
);
if (status !== 0) {
  console.error(`the servers cannot be installed: ${error?.message ?? stderr.trim()}`);
  process.exitCode = 1;
}
