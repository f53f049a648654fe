#!/usr/bin/env node
import { createProgram } from './stack/command-line/program.ts';

/** The CLI: finds the command that was typed and runs its file, as make does. */
await createProgram().parseAsync();
