import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

export interface FileWatch {
  /**
   * Watches these files instead of the earlier ones. They need not exist. A file that was not watched yet may have
   * changed after it was read: `readAtMs`, epoch milliseconds.
   */
  set(files: readonly string[], readAtMs: number): void;
  close(): void;
}

/** Editors write a file in several steps. */
const quietMs = 20;

/**
 * Calls `onChange` after changes of files. Folders are watched, because many editors replace a file by a new one.
 */
export const watchFiles = (onChange: () => void): FileWatch => {
  const watchers = new Map<string, FSWatcher>();
  let watched: ReadonlySet<string> = new Set();
  let timer: NodeJS.Timeout | undefined;

  const schedule = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, quietMs);
  };
  const open = (folder: string): FSWatcher | undefined => {
    try {
      const watcher = watch(folder, (_, name) => {
        if (name === null || watched.has(keyOf(folder, name))) schedule();
      });
      return watcher.on('error', () => close(folder));
    } catch {
      return undefined; // There is no such folder.
    }
  };
  const close = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };

  return {
    set: (files, readAtMs) => {
      const before = watched;
      watched = new Set(files.map((file) => keyOf(dirname(file), file)));
      const folders = new Set(files.map(dirname));
      for (const folder of watchers.keys()) if (!folders.has(folder)) close(folder);
      for (const folder of folders) {
        if (watchers.has(folder)) continue;
        const watcher = open(folder);
        if (watcher !== undefined) watchers.set(folder, watcher);
      }
      const isNew = (file: string): boolean => !before.has(keyOf(dirname(file), file));
      if (files.some((file) => isNew(file) && changedAtMs(file) >= readAtMs)) schedule();
    },
    close: () => {
      clearTimeout(timer);
      for (const folder of watchers.keys()) close(folder);
    },
  };
};

const keyOf = (folder: string, file: string): string => `${folder}\n${basename(file)}`;

const changedAtMs = (file: string): number =>
  statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Number.NEGATIVE_INFINITY;
