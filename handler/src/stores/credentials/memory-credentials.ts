import type { Credential, CredentialStore } from './credential-store.ts';

export interface MemoryCredentials extends CredentialStore {
  /** As the command that creates it does; replaces one with the same id. */
  put(credential: Credential): void;
  remove(id: string): void;
}

/** Credentials in the memory of one process. */
export const createMemoryCredentials = (): MemoryCredentials => {
  const credentials = new Map<string, Credential>();
  return {
    put: (credential) => void credentials.set(credential.id, credential),
    remove: (id) => void credentials.delete(id),
    find: async (id) => credentials.get(id) ?? { problem: 'there is no such credential' },
    noteUse: async (id, dayMs) => {
      const credential = credentials.get(id);
      if (credential !== undefined && (credential.lastUsedDayMs ?? 0) < dayMs)
        credentials.set(id, { ...credential, lastUsedDayMs: dayMs });
    },
  };
};
