import { CommandError } from '../../stack/command-line/command-error.ts';

const patienceSeconds = 10;

/** Says what is wrong before any load is sent to where nothing answers. */
export const checkHealth = async (baseUrl: string, deployCommand: string): Promise<void> => {
  const url = `${baseUrl}/health`;
  const complaint = await complaintAbout(url);
  if (complaint === undefined) return;
  throw new CommandError(
    `${url} should answer 200; ${complaint}. Deploy it first:\n  ${deployCommand}`,
  );
};

const complaintAbout = async (url: string): Promise<string | undefined> => {
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(patienceSeconds * 1000) });
    return status === 200 ? undefined : `it answers ${status}`;
  } catch (error) {
    const isTimeout = error instanceof Error && error.name === 'TimeoutError';
    return isTimeout ? `it is silent for ${patienceSeconds} s` : 'it cannot be reached';
  }
};
