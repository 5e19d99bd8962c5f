/** Writers of one process to one folder queue here: the folder's lock is for writers that do not know each other. */
const turns = new Map<string, Promise<unknown>>();

export function inTurn<T>(folder: string, write: () => Promise<T>): Promise<T> {
  const mine = (turns.get(folder) ?? Promise.resolve()).then(write);
  const settled = mine
    .catch(() => {})
    .then(() => {
      if (turns.get(folder) === settled) turns.delete(folder);
    });
  turns.set(folder, settled);
  return mine;
}
