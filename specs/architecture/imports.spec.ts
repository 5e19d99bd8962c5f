/** The import table holds, and every rule in it is needed. */
import { expect, test } from 'vitest';
import type { Room } from './import-table.ts';
import { exceptions, rooms } from './import-table.ts';
import type { Import } from './source-files.ts';
import { importsOf, sources } from './source-files.ts';

const isWithin = (path: string, room: string): boolean => path === room || path.startsWith(`${room}/`);

/** The room with the longest name that holds the path. */
function roomOf(path: string): Room | undefined {
  return rooms
    .filter(({ room }) => isWithin(path, room))
    .reduce<Room | undefined>(
      (best, each) => (best && best.room.length > each.room.length ? best : each),
      undefined,
    );
}

function allows({ room, may, packages = [] }: Room, { target, isPackage, isTypeOnly }: Import): boolean {
  if (isPackage) {
    return packages.some(
      (name) => name === target || (name.endsWith('*') && target.startsWith(name.slice(0, -1))),
    );
  }
  return (
    roomOf(target)?.room === room ||
    may.some((entry) =>
      entry.startsWith('types:') ? isTypeOnly && isWithin(target, entry.slice(6)) : isWithin(target, entry),
    )
  );
}

const all = [...sources].flatMap(([path, file]) => importsOf(path, file).map((each) => ({ path, ...each })));

test('every import is one that the table allows', () => {
  const forbidden = all.flatMap((each) => {
    const room = roomOf(each.path);
    if (!room) return [`${each.path} lies in no room of the table`];
    if (allows(room, each)) return [];
    if (exceptions.some(({ from, to }) => from === each.path && to === each.target)) return [];
    const what = each.isTypeOnly ? `types of ${each.target}` : each.target;
    return [`${each.path}:${each.line} imports ${what}; ${room.room} may not: ${room.why}`];
  });
  expect(forbidden).toEqual([]);
  expect(all.length).toBeGreaterThan(1000);
});

test('every exception is in use', () => {
  const unused = exceptions.filter(
    ({ from, to }) => !all.some(({ path, target }) => path === from && target === to),
  );
  expect(unused).toEqual([]);
});

test('no import leaves the package but by name', () => {
  const outside = all.filter(({ target, isPackage }) => !isPackage && !sources.has(target));
  expect(outside.map(({ path, line, target }) => `${path}:${line} imports ${target}`)).toEqual([]);
});
