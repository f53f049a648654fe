/** Something the user can put right: the message says what is wrong and what to do. Shown without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** A program that changes things was killed at its work: what it had begun is known to nobody. */
export class Killed extends CommandError {}
