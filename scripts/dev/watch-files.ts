import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

export interface FileWatch {
  /** Watches these files instead of the earlier ones. They need not exist. */
  set(files: readonly string[]): void;
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

  const open = (folder: string): FSWatcher | undefined => {
    try {
      const watcher = watch(folder, (_, name) => {
        if (name !== null && !watched.has(`${folder}\n${basename(name)}`)) return;
        clearTimeout(timer);
        timer = setTimeout(onChange, quietMs);
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
    set: (files) => {
      watched = new Set(files.map((file) => `${dirname(file)}\n${basename(file)}`));
      const folders = new Set(files.map(dirname));
      for (const folder of watchers.keys()) if (!folders.has(folder)) close(folder);
      for (const folder of folders) {
        if (watchers.has(folder)) continue;
        const watcher = open(folder);
        if (watcher !== undefined) watchers.set(folder, watcher);
      }
    },
    close: () => {
      clearTimeout(timer);
      for (const folder of watchers.keys()) close(folder);
    },
  };
};
