import { StoreUnavailable } from './aws-call.ts';

/** Waits until this caller's deadline for work that another caller started, perhaps with a later deadline. */
export const untilDeadline = async <T>(
  work: Promise<T>,
  deadlineMs: number,
  nowMs: number,
): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const giveUp = (): void =>
      reject(new StoreUnavailable('There was no response by the deadline'));
    timer = setTimeout(giveUp, Math.max(0, deadlineMs - nowMs));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};
