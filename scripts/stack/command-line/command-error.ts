/** A problem that the user can fix: the message says what is wrong and what to do. Shown without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** A program that changes resources was killed: it is unknown how far it got. */
export class Killed extends CommandError {}
